/**
 * Answers from PyTorch: a process of `limerick_trainer serve`, which has one base model in memory and switches between
 * the adapters on it. It takes large models where there is a GPU, for which the engine's own generator is slow.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on } from 'node:events'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { childEnv } from '#lib/core/child-env.ts'
import { endChild } from '#lib/core/end-child.ts'
import { merged } from '#lib/core/merged.ts'
import { type AnswerServer, entry, promptOf } from './answerer.ts'
import type { ChatReport } from './generator.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
import { expectUndamaged } from './model/manifest.ts'
import { readModelConfig } from './model/model-config.ts'
import { adapterBase, expectSameBase } from './model/model-folder.ts'
import { createTextStream } from './model/text-stream.ts'
import type { UsableModel } from './models.ts'
import type { TorchAnswers } from './settings.ts'
import type { Tokenizers } from './tokenizers.ts'
import type { Device } from './trainers/contract.ts'
import { MODULE, OFFLINE, PACKAGE, type TrlProbe } from './trainers/python.ts'
import type { GenerateOrder, TokenLogprob } from './worker/protocol.ts'

/** Parameters from which the engine's own generator is too slow to wait for. */
const LARGE = 300e6
/** Bytes of a weight on a GPU, with some for the conversation; and of the libraries there. */
const WEIGHT = 2.4
const LIBRARIES = 1e9
/** ms without a question after which the process ends, for it holds a GPU's memory. */
const IDLE = 300_000
/** ms for a process to end by itself. */
const PATIENCE = 2_000

const Token = z.object({ token: z.string(), logprob: z.number() })

/** A line of its output. */
const Report = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('token'),
    id: z.string(),
    text: z.string(),
    logprob: Token.extend({ top: z.array(Token) }).optional(),
  }),
  z.object({
    kind: z.literal('finished'),
    id: z.string(),
    reason: z.enum(['stop', 'length']),
    completionTokens: z.number(),
  }),
  z.object({
    kind: z.literal('refused'),
    id: z.string(),
    code: z.enum(['model', 'memory', 'internal']),
    message: z.string(),
  }),
])
type Report = z.infer<typeof Report>

const reportIn = (line: string): Report | null => {
  try {
    return Report.parse(JSON.parse(line))
  } catch {
    return null // a library's own words
  }
}

interface Serving {
  child: ChildProcess
  /** Emits a report under the id of its order. */
  reports: EventEmitter
  /** Ids of orders without a last report. */
  open: Set<string>
}

interface Place {
  python: string
  /** null: the processor. */
  gpu: Device | null
}

/** @param words for the answers that are not over when it ends, after `ended` */
function startServing({ python, gpu }: Place, words: () => string, ended: () => void): Serving {
  const CUDA_VISIBLE_DEVICES = gpu ? (gpu.uuid ?? String(gpu.index)) : ''
  const child = spawn(python, [...MODULE, 'serve'], {
    env: childEnv({ ...OFFLINE, PYTHONPATH: PACKAGE, CUDA_VISIBLE_DEVICES }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const reports = new EventEmitter().setMaxListeners(0)
  const open = new Set<string>()
  const tell = (report: Report): void => {
    if (report.kind !== 'token') open.delete(report.id)
    reports.emit(report.id, report)
  }
  const end = (): void => {
    ended()
    for (const id of open) tell({ kind: 'refused', id, code: 'internal', message: words() })
  }
  child.on('error', end).on('close', end)
  child.stdin.on('error', () => undefined) // its end is told
  createInterface(child.stdout).on('line', (line) => {
    const report = reportIn(line)
    if (report) tell(report)
  })
  return { child, reports, open }
}

interface Parts {
  /** Whether it answers: where it is faster, wherever it can, or not at all. */
  answers: TorchAnswers
  python: () => string | null
  probe: Pick<TrlProbe, 'peek'>
  tokenizers: Pick<Tokenizers, 'read'>
  /** Whether a training on this computer has a GPU. */
  isTraining: () => boolean
}

const logprobOf = ({ token, logprob, top }: z.infer<typeof Token> & { top: z.infer<typeof Token>[] }) => ({
  ...entry(token, logprob),
  top: top.map((other) => entry(other.token, other.logprob)),
})

type Logprob = TokenLogprob & { top: TokenLogprob[] }

export function torchServer({ answers, python, probe, tokenizers, isTraining }: Parts) {
  let serving: Serving | null = null
  let idle: NodeJS.Timeout | undefined
  /** Why the last process was ended by us. */
  let why: string | null = null
  /** Folders whose files were found whole. */
  const checked = new Set<string>()

  async function stop(reason: string | null = null): Promise<void> {
    clearTimeout(idle)
    const ending = serving
    if (!ending) return
    why = reason
    serving = null
    ending.child.stdin?.end()
    await endChild(ending.child, PATIENCE)
  }

  function running(place: Place): Serving {
    clearTimeout(idle)
    if (serving) return serving
    why = null
    const started = startServing(
      place,
      () => why ?? 'The process that answers with PyTorch ended unexpectedly. Ask again.',
      () => {
        if (serving === started) serving = null
      },
    )
    serving = started
    return started
  }

  function rest(): void {
    clearTimeout(idle)
    if (serving?.open.size === 0) idle = setTimeout(() => void stop(), IDLE).unref()
  }

  /** Where a model answers; null: not here. */
  function placeFor(a: Architecture): Place | null {
    const [found, program] = [probe.peek(), python()]
    if (program === null || found === null || 'problem' in found) return null
    const gpu = found.facts.devices.toSorted((one, other) => other.memory - one.memory)[0] ?? null
    const isFaster = parameterCount(a) >= LARGE && gpu !== null
    const isFit = (gpu?.memory ?? 0) >= WEIGHT * parameterCount(a) + LIBRARIES
    return answers === 'always' || (isFaster && isFit) ? { python: program, gpu } : null
  }

  async function expectWhole(folder: string, base: string | null): Promise<void> {
    if (checked.has(folder)) return
    await expectUndamaged(folder)
    if (base !== null) await expectSameBase(folder, base)
    checked.add(folder)
  }

  async function* answer(
    { child, reports, open }: Serving,
    model: UsableModel,
    order: GenerateOrder,
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    const { id, maxTokens, temperature, topP, seed, topLogprobs } = order
    const { context, ends } = readModelConfig(model.folder)
    const tokens = await promptOf(tokenizers, model, order, context, signal)
    if (!Array.isArray(tokens)) {
      yield tokens
      return
    }
    const [promptTokens, text] = [tokens.length, createTextStream<Logprob | undefined>(order.stop)]
    yield { kind: 'began', id, promptTokens }
    let produced = 0
    const send = (line: object) => child.stdin?.write(`${JSON.stringify(line)}\n`)
    const told = on(reports, id, { signal })
    open.add(id)
    send({
      ...{ kind: 'generate', id, tokens, ends, temperature, topP, seed, topLogprobs },
      ...{ model: model.folder, base: adapterBase(model.folder) },
      maxTokens: Math.min(maxTokens, context - promptTokens),
    })
    try {
      for await (const [report] of told as AsyncIterable<[Report]>) {
        if (report.kind === 'refused') {
          yield report
          return
        }
        const pieces =
          report.kind === 'token'
            ? text.push(Buffer.from(report.text), report.logprob && logprobOf(report.logprob))
            : text.flush()
        for (const { text, tag } of pieces) yield { kind: 'token', id, text, ...(tag && { logprob: tag }) }
        if (report.kind === 'token') produced++
        if (text.stopped || report.kind === 'finished') {
          const reason = report.kind === 'finished' ? report.reason : 'stop'
          yield { kind: 'finished', id, reason, promptTokens, completionTokens: produced }
          return
        }
      }
    } finally {
      if (open.delete(id)) send({ kind: 'abort', id })
      rest()
    }
  }

  return {
    name: 'torch',

    async find(model) {
      if (answers === 'never' || isTraining()) return null
      const base = adapterBase(model.folder)
      if (base !== null && adapterBase(base) !== null) return null // it switches adapters, and does not stack them
      const place = placeFor(readModelConfig(model.folder))
      if (place === null) return null
      await expectWhole(model.folder, base)
      return {
        run: (orders, signal) => merged(orders.map((order) => answer(running(place), model, order, signal))),
      }
    },

    forget: (folder) => void checked.delete(folder),

    /** Gives the GPU back. @param reason for answers that are not over */
    stop,
  } satisfies AnswerServer & { stop: typeof stop }
}
