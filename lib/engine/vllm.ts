/**
 * Answers from a vLLM server of this computer, which has a base model in memory and gets the adapters of fine-tuned
 * models while it runs (docs.vllm.ai, "LoRA Adapters"). It is sent tokens: template and tokenizer stay the engine's, so
 * a model is asked as it was trained.
 */
import { existsSync, realpathSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import OpenAI from 'openai'
import type { Completion } from 'openai/resources/completions'
import { AppError } from '#lib/core/errors.ts'
import { merged } from '#lib/core/merged.ts'
import { type Answerer, entry, promptOf } from './answerer.ts'
import type { ChatReport } from './generator.ts'
import { readModelConfig } from './model/model-config.ts'
import { adapterBase, expectSameBase } from './model/model-folder.ts'
import type { ModelStore, UsableModel } from './models.ts'
import type { VllmSettings } from './settings.ts'
import type { Tokenizers } from './tokenizers.ts'
import { keepAsking } from './trainers/asking.ts'
import type { WireVllm } from './wire.ts'
import type { GenerateOrder } from './worker/protocol.ts'

/** ms for an adapter to be read, and for what is known at once. */
const PATIENCE = 30_000
const SOON = 2_000
/** ms for which a list of models holds, and after which a refused adapter is tried again. */
const FRESH = 10_000
const AGAIN = 60_000
/** Adapters that it holds; the one that was asked longest ago makes room. */
const ADAPTERS = 16

interface Served {
  id: string
  max_model_len?: number
  /** The folder or repository of a base. */
  root?: string | null
  /** Of an adapter. */
  parent?: string | null
}

type Found = { bases: Served[] } | { problem: string }

/** The answer ended without saying why. */
class CutOff extends Error {}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof AppError) return thrown.message
  if (thrown instanceof CutOff) return 'it was cut off'
  return thrown instanceof OpenAI.APIError && thrown.status !== undefined
    ? `it answered ${thrown.status}: ${String(thrown.message).slice(0, 200)}`
    : 'it does not answer'
}

const isLoaded = (thrown: unknown): boolean =>
  thrown instanceof OpenAI.APIError && thrown.message.includes('already been loaded')
const isUnknown = (thrown: unknown): boolean => thrown instanceof OpenAI.APIError && thrown.status === 404

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

interface Place {
  name: string
  /** Most tokens of a conversation. */
  context: number
}

interface Parts {
  server: VllmSettings
  models: Pick<ModelStore, 'baseOf' | 'find'>
  tokenizers: Pick<Tokenizers, 'read'>
}

export function vllmServer({ server, models, tokenizers }: Parts) {
  const client = new OpenAI({
    baseURL: `${server.address}/v1`,
    apiKey: server.key ?? 'none',
    maxRetries: 0,
    fetchOptions: { redirect: 'error' },
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

  /** One of our adapters from before a start of the engine: known again, or taken away where its model is deleted. */
  async function meet(name: string): Promise<void> {
    const model = await models.find(name)
    if (model) loaded.set(model.folder, name)
    else await unload(name)
  }

  async function look(): Promise<Found> {
    try {
      const { data } = await client.models.list({ timeout: SOON })
      const all = data as Served[]
      const ours = all.filter(({ id, parent }) => parent && id.startsWith('ft:'))
      await Promise.all(ours.map(({ id }) => meet(id)))
      return { bases: all.filter(({ parent }) => !parent) }
    } catch (thrown) {
      return { problem: wordsOf(thrown) }
    }
  }

  const asking = keepAsking(look, () => false)
  let asked = 0

  /** Also that it was away is known for a while: a chat must not wait for that each time. */
  async function bases(): Promise<Served[]> {
    const isOld = Date.now() - asked > FRESH
    if (isOld) asked = Date.now()
    const found = await asking.ask(isOld)
    return 'bases' in found ? found.bases : []
  }

  /** The base that a model's adapter lies on, or that it is; null where the server cannot have it. */
  async function baseOf(model: UsableModel): Promise<{ name: string; folder: string } | null> {
    const folder = adapterBase(model.folder) ?? model.folder
    if (folder === model.folder && model.job !== null) return null // all of its weights are its own
    const name = models.baseOf(model.name)
    // Its lineage may have a model with weights of its own in between, or another adapter.
    return (await models.find(name))?.folder === folder ? { name, folder } : null
  }

  /** Under which name it knows a model, or could, and the tokens that it reads; null: it does not have its base. */
  async function placeOf(model: UsableModel): Promise<Place | null> {
    const base = await baseOf(model)
    if (base === null) return null
    const real = realpathSync(base.folder)
    const isIt = ({ id, root }: Served) =>
      id === base.name || (root && existsSync(root) && realpathSync(root) === real)
    const served = (await bases()).find(isIt)
    if (!served) return null
    const { context } = readModelConfig(model.folder)
    const name = base.folder === model.folder ? served.id : model.name
    return { name, context: Math.min(context, served.max_model_len ?? context) }
  }

  /** @param again also if it should have it */
  async function load({ name, folder }: UsableModel, again = false): Promise<void> {
    if (!again && loaded.get(folder) === name) return
    const base = adapterBase(folder)
    if (base !== null) await expectSameBase(folder, base)
    const body = { lora_name: name, lora_path: realpathSync(folder) }
    try {
      await client.post('/load_lora_adapter', { body, timeout: PATIENCE })
    } catch (thrown) {
      if (!isLoaded(thrown)) throw thrown
    }
    loaded.set(folder, name)
  }

  async function* answer(
    model: UsableModel,
    { name, context }: Place,
    order: GenerateOrder,
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    const { id } = order
    const said = await promptOf(tokenizers, model, order, context, signal)
    if ('kind' in said) {
      yield said
      return
    }
    const { tokens: prompt, ends } = said
    const ask = () =>
      client.completions.create(
        {
          ...{ model: name, prompt, stream: true, stream_options: { include_usage: true } },
          max_tokens: Math.min(order.maxTokens, context - prompt.length),
          // It takes no top_p of 0, which is the likeliest token.
          ...(order.topP > 0 ? { temperature: order.temperature, top_p: order.topP } : { temperature: 0 }),
          seed: order.seed,
          ...(order.stop.length > 0 ? { stop: order.stop } : {}),
          ...(order.topLogprobs === null ? {} : { logprobs: order.topLogprobs }),
          // Otherwise its defaults are those of the base's generation_config.json.
          ...({ stop_token_ids: ends, top_k: -1, min_p: 0, repetition_penalty: 1 } as object),
        },
        { signal },
      )
    let stream: Awaited<ReturnType<typeof ask>>
    try {
      stream = await ask()
    } catch (thrown) {
      if (!isUnknown(thrown) || name !== model.name) throw thrown
      await load(model, true) // it was restarted meanwhile
      stream = await ask()
    }
    yield { kind: 'began', id, promptTokens: prompt.length }
    let reason: string | null = null
    let [completionTokens, chunks] = [0, 0]
    for await (const { choices, usage } of stream) {
      completionTokens = usage?.completion_tokens ?? completionTokens
      const [choice] = choices
      if (!choice) continue
      chunks++
      yield* tokensOf(id, choice.text, choice.logprobs)
      reason = choice.finish_reason ?? reason
    }
    if (reason !== 'stop' && reason !== 'length') throw new CutOff()
    const usage = { promptTokens: prompt.length, completionTokens: completionTokens || chunks }
    yield { kind: 'finished', id, reason, ...usage }
  }

  /** What the server says against an answer is told as the generator would. */
  async function* told(
    model: UsableModel,
    place: Place,
    order: GenerateOrder,
    signal: AbortSignal,
  ): AsyncGenerator<ChatReport> {
    try {
      yield* answer(model, place, order, signal)
    } catch (thrown) {
      if (signal.aborted) return // nobody is there to be told
      if (thrown instanceof AppError) throw thrown
      const { status } = thrown as { status?: number }
      const code = status !== undefined && status >= 400 && status < 500 ? 'model' : 'internal'
      const message = `The vLLM server of LIMERICK_VLLM did not finish the answer: ${wordsOf(thrown)}.`
      yield { kind: 'refused', id: order.id, code, message }
    }
  }

  return {
    name: 'vllm' as const,

    /** null also where the server has not this model's base, refuses its adapter or does not answer. */
    async find(model: UsableModel): Promise<Answerer | null> {
      if (refused.has(model.folder)) return null
      const place = await placeOf(model)
      if (place === null) return null
      try {
        if (adapterBase(model.folder) !== null) await load(model)
      } catch (thrown) {
        refused.set(model.folder, wordsOf(thrown))
        return null
      }
      return { run: (orders, signal) => merged(orders.map((order) => told(model, place, order, signal))) }
    },

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
