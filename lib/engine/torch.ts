/**
 * Answers from PyTorch: a process of `limerick_trainer serve`, which has one base model in memory and switches between
 * the adapters on it. It takes large models where there is a GPU, for which the engine's own generator is slow.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on } from 'node:events'
import { createInterface } from 'node:readline'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { childEnv } from '#lib/core/child-env.ts'
import { endChild } from '#lib/core/end-child.ts'
import { AppError } from '#lib/core/errors.ts'
import { merged } from '#lib/core/merged.ts'
import { entry, promptOf } from './answerer.ts'
import { modelStamp } from './folder-cache.ts'
import type { ChatReport } from './generator.ts'
import { parameterCount } from './model/architecture.ts'
import { expectUndamaged } from './model/manifest.ts'
import { readModelConfig } from './model/model-config.ts'
import { adapterBase, expectSameBase } from './model/model-folder.ts'
import { createTextStream } from './model/text-stream.ts'
import type { UsableModel } from './models.ts'
import type { TorchAnswers } from './settings.ts'
import type { Tokenizers } from './tokenizers.ts'
import type { Device } from './trainers/contract.ts'
import { MODULE, OFFLINE, onlyGpus, PACKAGE, type TrlProbe } from './trainers/python.ts'
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
/** ms for which a model that had no room is left to the engine. */
const FULL = 60_000

const UNEXPECTED = 'The process that answers with PyTorch ended unexpectedly. Ask again.'
const TAKEN = 'A training has taken the GPU. Ask again.'
const CLOSED = 'The engine is being stopped.'

const Token = z.object({ token: z.string(), logprob: z.number() })
const WithTop = Token.extend({ top: z.array(Token) })

/** A line of its output. */
const Report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), id: z.string(), text: z.string(), logprob: WithTop.optional() }),
  z.object({ kind: z.literal('finished'), id: z.string(), reason: z.enum(['stop', 'length']) }),
  z.object({
    kind: z.literal('refused'),
    id: z.string(),
    code: z.enum(['model', 'memory', 'internal']),
    message: z.string(),
  }),
])
type Report = z.infer<typeof Report>

function reportIn(line: string): Report | null {
  try {
    return Report.parse(JSON.parse(line))
  } catch {
    return null
  }
}

type Logprob = TokenLogprob & { top: TokenLogprob[] }

const logprobOf = ({ token, logprob, top }: z.infer<typeof WithTop>): Logprob => ({
  ...entry(token, logprob),
  top: top.map((other) => entry(other.token, other.logprob)),
})

interface Place {
  python: string
  /** null: the processor. */
  gpu: Device | null
}

interface Serving {
  place: Place
  child: ChildProcess
  /** Emits a report under the id of its order. */
  reports: EventEmitter
  /** Ids of orders without a last report. */
  open: Set<string>
  /** What orders are told that are open when it ends. */
  words: string
}

/** @param ended called before the open orders are told */
function startServing(place: Place, ended: () => void): Serving {
  const { python, gpu } = place
  const child = spawn(python, [...MODULE, 'serve'], {
    env: childEnv({ ...OFFLINE, PYTHONPATH: PACKAGE, ...onlyGpus(gpu ? [gpu] : []) }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const serving: Serving = {
    ...{ place, child, words: UNEXPECTED, open: new Set() },
    reports: new EventEmitter().setMaxListeners(0),
  }
  const tell = (report: Report): void => {
    if (report.kind !== 'token') serving.open.delete(report.id)
    serving.reports.emit(report.id, report)
  }
  const end = (): void => {
    ended()
    for (const id of serving.open) tell({ kind: 'refused', id, code: 'internal', message: serving.words })
  }
  child.on('error', end).on('close', end)
  child.stdin.on('error', () => undefined) // `close` follows
  createInterface(child.stdout).on('line', (line) => {
    const report = reportIn(line)
    if (report) tell(report)
    else child.kill('SIGKILL') // an answer with a hole must not look whole
  })
  return serving
}

interface Parts {
  /** Whether it answers: where it is faster, wherever it can, or not at all. */
  answers: TorchAnswers
  python: () => string | null
  probe: Pick<TrlProbe, 'peek'>
  tokenizers: Pick<Tokenizers, 'read'>
  /** Whether a training on this computer may need a GPU. */
  isTraining: () => boolean
}

export function torchServer({ answers, python, probe, tokenizers, isTraining }: Parts) {
  let serving: Serving | null = null
  let leaving = Promise.resolve()
  let idle: NodeJS.Timeout | undefined
  let closed = false
  /** Model folders whose files were found whole, by their stamps. */
  const checked = new LRUCache<string, Promise<void>>({ max: 100 })
  const full = new LRUCache<string, true>({ max: 100, ttl: FULL })

  /** Resolves when the GPU is free. @param words for answers that are not over */
  function stop(words: string): Promise<void> {
    clearTimeout(idle)
    if (serving) {
      const { child } = serving
      serving.words = words
      serving = null
      child.stdin?.end()
      leaving = Promise.all([leaving, endChild(child, PATIENCE)]).then(() => undefined)
    }
    return leaving
  }

  function running(place: Place): Serving {
    clearTimeout(idle)
    if (serving) return serving
    const started = startServing(place, () => {
      if (serving === started) serving = null
    })
    serving = started
    return started
  }

  function rest(): void {
    clearTimeout(idle)
    if (serving?.open.size === 0) idle = setTimeout(() => void stop(UNEXPECTED), IDLE).unref()
  }

  /** Where a model of so many parameters answers; null: not here. */
  function placeFor(parameters: number): Place | null {
    const [found, program] = [probe.peek(), python()]
    if (answers === 'never' || program === null || found === null || 'problem' in found) return null
    const roomOf = ({ memory, free }: Device): number => free ?? memory
    const [emptiest] = found.facts.devices.toSorted((one, other) => roomOf(other) - roomOf(one))
    // What it holds itself is not taken by others.
    const place = serving?.place ?? { python: program, gpu: emptiest ?? null }
    if (answers === 'always') return place
    const need = WEIGHT * parameters + LIBRARIES
    return parameters >= LARGE && place.gpu !== null && roomOf(place.gpu) >= need ? place : null
  }

  function expectWhole(folder: string, base: string | null): Promise<void> {
    const key = `${folder} ${modelStamp(folder)} ${base && modelStamp(base)}`
    const known = checked.get(key)
    if (known) return known
    const check = async () => {
      await expectUndamaged(folder)
      if (base !== null) await expectSameBase(folder, base)
    }
    const checking = check()
    checked.set(key, checking)
    checking.catch(() => checked.delete(key))
    return checking
  }

  async function* asked(
    { child, reports, open }: Serving,
    { folder }: UsableModel,
    order: GenerateOrder,
    { tokens, ends }: { tokens: number[]; ends: number[] },
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    const { id, maxTokens, temperature, topP, seed, topLogprobs } = order
    const [promptTokens, text] = [tokens.length, createTextStream<Logprob | undefined>(order.stop)]
    const base = adapterBase(folder)
    const send = (line: object) => child.stdin?.write(`${JSON.stringify(line)}\n`)
    const told = on(reports, id, { signal })
    open.add(id)
    send({
      ...{ kind: 'generate', id, tokens, ends, temperature, topP, seed, topLogprobs },
      ...{ model: folder, version: modelStamp(folder) },
      ...{ base, baseVersion: base && modelStamp(base) },
      // The last token need not be read.
      maxTokens: Math.min(maxTokens, readModelConfig(folder).context - promptTokens + 1),
    })
    let completionTokens = 0
    try {
      yield { kind: 'began', id, promptTokens }
      for await (const [report] of told as AsyncIterable<[Report]>) {
        if (report.kind === 'refused') {
          if (report.code === 'memory') full.set(folder, true)
          yield report
          return
        }
        if (report.kind === 'token') completionTokens++
        const pieces =
          report.kind === 'token'
            ? text.push(Buffer.from(report.text), report.logprob && logprobOf(report.logprob))
            : text.flush()
        for (const { text, tag } of pieces) yield { kind: 'token', id, text, ...(tag && { logprob: tag }) }
        const reason = report.kind === 'finished' ? report.reason : text.stopped && 'stop'
        if (!reason) continue
        yield { kind: 'finished', id, reason, promptTokens, completionTokens }
        return
      }
    } finally {
      void told.return?.()
      if (open.delete(id)) send({ kind: 'abort', id })
    }
  }

  async function* answer(
    model: UsableModel,
    place: Place,
    order: GenerateOrder,
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    try {
      const { context } = readModelConfig(model.folder)
      const prompt = await promptOf(tokenizers, model, order, context, signal)
      // Much may have happened since the question came.
      const message = closed ? CLOSED : isTraining() ? TAKEN : null
      if ('kind' in prompt) yield prompt
      else if (message !== null) yield { kind: 'refused', id: order.id, code: 'internal', message }
      else yield* asked(running(place), model, order, prompt, signal)
    } catch (thrown) {
      if (!signal.aborted) throw thrown // otherwise nobody is there to be told
    } finally {
      rest()
    }
  }

  return {
    name: 'torch' as const,

    async find(model: UsableModel) {
      const { folder } = model
      const base = adapterBase(folder)
      if (base !== null && adapterBase(base) !== null) return null // it switches adapters, and does not stack them
      const place = placeFor(parameterCount(readModelConfig(folder)))
      if (place === null || isTraining() || full.has(folder)) return null
      try {
        await expectWhole(folder, base)
      } catch (thrown) {
        if (thrown instanceof AppError) return null // the engine tells it in its own words
        throw thrown
      }
      return {
        run: (orders: GenerateOrder[], signal: AbortSignal) =>
          merged(orders.map((order) => answer(model, place, order, signal))),
      }
    },

    /** Makes room for a training. */
    release: (): Promise<void> => stop(TAKEN),

    close(): Promise<void> {
      closed = true
      return stop(CLOSED)
    },
  }
}
