import { randomInt } from 'node:crypto'
import type { AnswerServer } from './answerer.ts'
import { apiError, errorBody } from './api-error.ts'
import type { ChatReport, Generator } from './generator.ts'
import { OUT_OF_MEMORY } from './memory.ts'
import type { SamplingOptions } from './model/sampler.ts'
import type { ModelStore, UsableModel } from './models.ts'
import { streamOf } from './stream.ts'
import type { GenerateOrder, Turn } from './worker/protocol.ts'

type Report<Kind extends ChatReport['kind']> = Extract<ChatReport, { kind: Kind }>
export type TokenReport = Report<'token'>

/** A generation request, independent of the API it came through. */
export interface Ask {
  model: string
  /** Each is a conversation to answer or raw text to continue. */
  prompts: (Turn[] | string)[]
  /** The field that holds the prompts, for error messages. */
  param: 'messages' | 'input' | 'prompt'
  /** Answers per prompt. */
  n: number
  temperature: number | null | undefined
  top_p: number | null | undefined
  /** null: until the model ends its turn or the context is full. */
  maxTokens: number | null | undefined
  stop: string | string[] | null | undefined
  seed: number | null | undefined
  /** Alternatives to report per token; null: no log-probabilities. */
  topLogprobs: number | null
  /** Float32 weights, also where 8 bits are the default. */
  exact: boolean
}

/** The caller of a generation request. */
export interface Asker {
  requestId: string
  /** Fires when the caller disconnects. */
  signal: AbortSignal
}

/** The request's values, including an explicit 0 or 1; otherwise the model's defaults. */
const samplingOf = ({ temperature, top_p }: Ask, defaults: SamplingOptions): SamplingOptions => ({
  temperature: temperature ?? defaults.temperature,
  topP: top_p ?? defaults.topP,
})

/** One order per answer; answers to the same prompt differ by seed. */
function ordersOf(ask: Ask, id: string, folder: string, sampling: SamplingOptions): GenerateOrder[] {
  const seed = ask.seed ?? randomInt(2 ** 31)
  const one = (messages: Turn[] | string, index: number): GenerateOrder => ({
    kind: 'generate',
    id: `${id}-${index}`,
    model: folder,
    messages,
    maxTokens: ask.maxTokens ?? Number.MAX_SAFE_INTEGER,
    ...sampling,
    seed: seed + (index % ask.n),
    stop: [ask.stop ?? []].flat().filter((text) => text !== ''),
    topLogprobs: ask.topLogprobs,
    exact: ask.exact,
  })
  const repeated = ask.prompts.flatMap((prompt) => Array.from({ length: ask.n }, () => prompt))
  return repeated.map(one)
}

/** The API error for a prompt rejected by the worker. */
function refused({ code, message }: Report<'refused'>, param: Ask['param']) {
  switch (code) {
    case 'context':
      return apiError('invalid', message, { code: 'context_length_exceeded', param })
    case 'model':
      return apiError('invalid', message, { code: 'model_unusable', param: 'model' })
    case 'damaged':
      return apiError('damaged', message, { code: 'model_damaged', param: 'model' })
    case 'memory':
      return apiError('unavailable', message, { code: OUT_OF_MEMORY, param: 'model' })
    case 'internal':
      return apiError('internal', message)
  }
}

const indexOf = ({ id }: ChatReport): number => Number(id.slice(id.lastIndexOf('-') + 1))

/** Counts tokens and time over all answers to one request. */
function createMeter(sampling: SamplingOptions, bits: 8 | 32 | null, n: number) {
  const start = performance.now()
  const since = () => Math.round(performance.now() - start)
  /** Prompt token counts, once per prompt: its answers share them. */
  const prompts = new Map<number, number>()
  let first: number | null = null
  let completion = 0
  return {
    read(report: ChatReport): void {
      if (report.kind === 'began') prompts.set(Math.floor(indexOf(report) / n), report.promptTokens)
      if (report.kind === 'token') first ??= since()
      if (report.kind === 'finished') completion += report.completionTokens
    },
    usage() {
      const prompt = [...prompts.values()].reduce((sum, tokens) => sum + tokens, 0)
      return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
    },
    facts: () => ({
      first_token_ms: first ?? since(),
      total_ms: since(),
      sampling: { temperature: sampling.temperature, top_p: sampling.topP },
      decoding: { bits },
    }),
  }
}
type Meter = ReturnType<typeof createMeter>

/** A report while generation runs; `index` is the answer's index. */
export type Written = { index: number; report: Exclude<ChatReport, { kind: 'refused' }> }

/** A generation whose first report has arrived. */
export interface Generation {
  /** The resolved model name. */
  model: string
  fingerprint: string
  sampling: SamplingOptions
  meter: Meter
  /** @throws AppError for errors during generation */
  written: AsyncIterable<Written>
}

/** Counts reports and turns rejections into errors; starts with a report that was read ahead. */
async function* watched(
  first: ChatReport,
  rest: AsyncIterator<ChatReport>,
  meter: Meter,
  param: Ask['param'],
): AsyncGenerator<Written> {
  try {
    for (let report = first; ; ) {
      if (report.kind === 'refused') throw refused(report, param)
      meter.read(report)
      yield { index: indexOf(report), report }
      const next = await rest.next()
      if (next.done) return
      report = next.value
    }
  } finally {
    await rest.return?.()
  }
}

/** What can answer. */
export interface Answerers {
  generator: Pick<Generator, 'run'>
  /** Asked one after another whether they answer in its place. */
  servers: AnswerServer[]
}

/** Raw text is continued by the engine alone. */
const isChat = ({ prompts }: Ask): boolean => prompts.every((prompt) => typeof prompt !== 'string')

/** Who answers in the generator's place, if anybody does. */
async function serverFor(servers: AnswerServer[], ask: Ask, model: UsableModel) {
  if (ask.exact || !isChat(ask)) return null
  for (const { name, find } of servers) {
    const answerer = await find(model)
    if (answerer) return { name, ...answerer }
  }
  return null
}

/**
 * Starts generation and waits for the first report.
 * @param id of the answer
 * @throws AppError for a missing or disabled model, and for a prompt that it cannot read
 */
export async function generate(
  models: ModelStore,
  { generator, servers }: Answerers,
  ask: Ask,
  id: string,
  signal: AbortSignal,
): Promise<Generation> {
  const model = await models.get(ask.model)
  const sampling = samplingOf(ask, models.sampling(model))
  const served = await serverFor(servers, ask, model)
  const bits = served ? null : models.decodingBits(model, ask.exact)
  const meter = createMeter(sampling, bits, ask.n)
  const reports = (served ?? generator).run(ordersOf(ask, id, model.folder, sampling), signal)
  const [first, weights] = await Promise.all([reports.next(), models.fingerprint(model)])
  if (first.done) throw apiError('internal', 'The caller has left.')
  if (first.value.kind === 'refused') throw refused(first.value, ask.param)
  const written = watched(first.value, reports, meter, ask.param)
  const fingerprint = bits === 32 ? weights : `${weights}_${served?.name ?? `${bits}bit`}`
  return { model: model.name, fingerprint, sampling, meter, written }
}

const SSE = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' }

/** Server-sent events; an error becomes an error frame, and `[DONE]` is then omitted. */
async function* frames(items: AsyncIterable<unknown>, requestId: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const frame = (text: string) => encoder.encode(`data: ${text}\n\n`)
  try {
    for await (const item of items) yield frame(JSON.stringify(item))
    yield frame('[DONE]')
  } catch (thrown) {
    yield frame(JSON.stringify(errorBody(thrown, requestId)))
  }
}

/** Chunks as an event stream that ends with `[DONE]`. */
export const streamed = (chunks: AsyncIterable<unknown>, { requestId }: Asker): Response =>
  new Response(streamOf(frames(chunks, requestId)), { headers: SSE })

/** Named server-sent events, passed through; they report errors themselves. */
async function* namedFrames(events: AsyncIterable<{ type: string }>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const event of events)
    yield encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

export const streamedEvents = (events: AsyncIterable<{ type: string }>): Response =>
  new Response(streamOf(namedFrames(events)), { headers: SSE })
