/**
 * Answers from a vLLM server of this computer, which has a base model in memory and gets the adapters of fine-tuned
 * models while it runs (docs.vllm.ai, "LoRA Adapters"). It is sent tokens: template and tokenizer stay the engine's, so
 * a model is asked as it was trained.
 */
import { realpathSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import OpenAI from 'openai'
import type { Completion } from 'openai/resources/completions'
import { merged } from '#lib/core/merged.ts'
import type { ChatReport } from './generator.ts'
import { readModelConfig } from './model/model-config.ts'
import { adapterBase } from './model/model-folder.ts'
import type { ModelStore, UsableModel } from './models.ts'
import type { VllmSettings } from './settings.ts'
import type { Tokenizers } from './tokenizers.ts'
import { keepAsking } from './trainers/asking.ts'
import type { WireTokens, WireVllm } from './wire.ts'
import type { GenerateOrder, TokenLogprob, Turn } from './worker/protocol.ts'

/** ms for an answer that is not generated. */
const PATIENCE = 10_000
/** ms for which a list of models holds, and after which a refused adapter is tried again. */
const FRESH = 10_000
const AGAIN = 60_000
/** Adapters that it holds; the one that was asked longest ago makes room. */
const ADAPTERS = 16

interface Served {
  id: string
  /** The folder or repository of a base. */
  root?: string | null
  /** Of an adapter. */
  parent?: string | null
}

type Found = { bases: Served[] } | { problem: string }

const wordsOf = (thrown: unknown): string =>
  thrown instanceof OpenAI.APIError && thrown.status !== undefined
    ? `it answered ${thrown.status}: ${String(thrown.message).slice(0, 200)}`
    : 'it does not answer'

const isLoaded = (thrown: unknown): boolean =>
  thrown instanceof OpenAI.APIError && thrown.message.includes('already been loaded')
const isUnknown = (thrown: unknown): boolean => thrown instanceof OpenAI.APIError && thrown.status === 404

/** Of a token's text; a part of a character has none, and counts as the sign for that. */
const entry = (token: string, logprob: number): TokenLogprob => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
})

type Logprobs = NonNullable<Completion['choices'][number]['logprobs']>

/** The tokens of one chunk; its text comes with the first. */
function* tokensOf(id: string, text: string, found: Logprobs | null | undefined): Generator<ChatReport> {
  const tokens = found?.tokens ?? []
  if (tokens.length === 0 && text !== '') yield { kind: 'token', id, text }
  for (const [index, token] of tokens.entries()) {
    const top = Object.entries(found?.top_logprobs?.[index] ?? {}).map(([other, value]) =>
      entry(other, value),
    )
    const logprob = { ...entry(token, found?.token_logprobs?.[index] ?? 0), top }
    yield { kind: 'token', id, text: index === 0 ? text : '', logprob }
  }
}

/** What answers a model's conversations, as the engine's generator does. */
export interface Answerer {
  run: (orders: GenerateOrder[], signal: AbortSignal) => AsyncGenerator<ChatReport>
}

interface Parts {
  server: VllmSettings
  models: Pick<ModelStore, 'baseOf'>
  tokenizers: Pick<Tokenizers, 'read'>
}

export function vllmServer({ server, models, tokenizers }: Parts) {
  const client = new OpenAI({
    baseURL: `${server.address}/v1`,
    apiKey: server.key ?? 'none',
    maxRetries: 0,
    organization: null,
    project: null,
  })
  const refused = new LRUCache<string, string>({ max: 100, ttl: AGAIN })
  const unload = (name: string) =>
    client.post('/unload_lora_adapter', { body: { lora_name: name }, timeout: PATIENCE }).then(
      () => undefined,
      () => undefined, // it has ended, or never had it
    )
  /** Names of the adapters that it has, by folder. */
  const loaded = new LRUCache<string, string>({
    max: ADAPTERS,
    dispose: (name, _, reason) => void (reason !== 'set' && unload(name)),
  })

  async function look(): Promise<Found> {
    try {
      const { data } = await client.models.list({ timeout: PATIENCE })
      return { bases: (data as Served[]).filter(({ parent }) => !parent) }
    } catch (thrown) {
      return { problem: wordsOf(thrown) }
    }
  }

  const asking = keepAsking(look, (found) => 'problem' in found)
  let asked = 0

  async function bases(): Promise<Served[]> {
    const isOld = Date.now() - asked > FRESH
    if (isOld) asked = Date.now()
    const found = await asking.ask(isOld)
    return 'bases' in found ? found.bases : []
  }

  /** Under which name it knows a model, or could; null: it does not have its base. */
  async function nameOf(model: UsableModel): Promise<string | null> {
    const folder = adapterBase(model.folder) ?? model.folder
    if (adapterBase(folder) !== null) return null // an adapter over another one
    const name = models.baseOf(model.name)
    const base = (await bases()).find(({ id, root }) => id === name || root === folder)
    if (!base) return null
    return folder === model.folder ? (name === model.name ? base.id : null) : model.name
  }

  async function load({ name, folder }: UsableModel): Promise<void> {
    if (loaded.get(folder) === name) return
    const body = { lora_name: name, lora_path: realpathSync(folder) }
    try {
      await client.post('/load_lora_adapter', { body, timeout: PATIENCE })
    } catch (thrown) {
      if (!isLoaded(thrown)) throw thrown
    }
    loaded.set(folder, name)
  }

  async function tokensFor(model: UsableModel, turns: Turn[], signal: AbortSignal): Promise<number[]> {
    const json = await tokenizers.read(
      model,
      turns.map((turn) => ({ ...turn, weight: 0 })),
      true,
      signal,
    )
    return (JSON.parse(Buffer.from(json).toString('utf8')) as WireTokens).tokens
  }

  async function* answer(
    model: UsableModel,
    name: string,
    order: GenerateOrder,
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    const { id } = order
    const { context, ends } = readModelConfig(model.folder)
    const prompt = await tokensFor(model, order.messages as Turn[], signal)
    if (prompt.length >= context) {
      const message = `This model's maximum context length is ${context} tokens, and the messages have ${prompt.length}.`
      yield { kind: 'refused', id, code: 'context', message }
      return
    }
    const ask = () =>
      client.completions.create(
        {
          ...{ model: name, prompt, stream: true, stream_options: { include_usage: true } },
          max_tokens: Math.min(order.maxTokens, context - prompt.length),
          ...{ temperature: order.temperature, top_p: order.topP, seed: order.seed },
          ...(order.stop.length > 0 ? { stop: order.stop } : {}),
          ...(order.topLogprobs === null ? {} : { logprobs: order.topLogprobs }),
          ...({ stop_token_ids: ends } as object),
        },
        { signal },
      )
    let stream: Awaited<ReturnType<typeof ask>>
    try {
      stream = await ask()
    } catch (thrown) {
      if (!isUnknown(thrown) || name !== model.name) throw thrown
      // It was started anew meanwhile.
      loaded.delete(model.folder)
      await load(model)
      stream = await ask()
    }
    yield { kind: 'began', id, promptTokens: prompt.length }
    let reason: 'stop' | 'length' = 'stop'
    let completionTokens = 0
    for await (const { choices, usage } of stream) {
      completionTokens = usage?.completion_tokens ?? completionTokens
      const [choice] = choices
      if (!choice) continue
      yield* tokensOf(id, choice.text, choice.logprobs)
      if (choice.finish_reason === 'length') reason = 'length'
    }
    yield { kind: 'finished', id, reason, promptTokens: prompt.length, completionTokens }
  }

  /** What the server says against an answer is told as the generator would. */
  async function* told(
    model: UsableModel,
    name: string,
    order: GenerateOrder,
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    try {
      yield* answer(model, name, order, signal)
    } catch (thrown) {
      if (!(thrown instanceof OpenAI.APIError)) throw thrown
      const message = `The vLLM server of LIMERICK_VLLM did not finish the answer: ${wordsOf(thrown)}.`
      yield { kind: 'refused', id: order.id, code: 'internal', message }
    }
  }

  return {
    /**
     * What answers a model's conversations here; null: the engine does it itself, since the server has not this model's
     * base, refuses its adapter or does not answer.
     */
    async find(model: UsableModel): Promise<Answerer | null> {
      if (refused.has(model.folder)) return null
      const name = await nameOf(model)
      if (name === null) return null
      try {
        if (adapterBase(model.folder) !== null) await load(model)
      } catch (thrown) {
        refused.set(model.folder, wordsOf(thrown))
        return null
      }
      return { run: (orders, signal) => merged(orders.map((order) => told(model, name, order, signal))) }
    },

    /** Before a model's folder is deleted. */
    forget: (folder: string): void => void loaded.delete(folder),

    /** What it serves, at once: what is still being asked says so. @param refresh asks again */
    state(refresh: boolean): WireVllm {
      const found = asking.peek(refresh)
      const common = {
        address: server.address,
        adapters: [...loaded.values()],
        refused: [...refused.entries()].map(([, problem]) => problem),
      }
      if (found === null) return { ...common, state: 'asking', problem: null, bases: [] }
      if ('problem' in found) return { ...common, state: 'offline', problem: found.problem, bases: [] }
      return { ...common, state: 'ready', problem: null, bases: found.bases.map(({ id }) => id) }
    },
  }
}
export type VllmServer = ReturnType<typeof vllmServer>
