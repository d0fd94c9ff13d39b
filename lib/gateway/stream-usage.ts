import { AppError } from '#lib/core/errors.ts'
import { withoutKeys } from '#lib/http/secrets.ts'
import { events } from '#lib/providers/event-stream.ts'
import { safeError } from './error-response.ts'

/** What an answer told of itself on its way through. */
export interface StreamUsage {
  /** ms since the request came, at its first text; null while there is none. */
  firstTokenMs: number | null
  finishReason: string | null
  model: string | null
  promptTokens: number | null
  /** Of these, what the provider had read before. */
  cachedTokens: number | null
  completionTokens: number | null
  /** Characters of text, for a provider that does not count. */
  written: number
  /** It ended as it should: with a reason, or with a line that says so. */
  whole: boolean
  /** It broke off with an error of the provider's. */
  failed: boolean
}

interface Text {
  content?: unknown
  reasoning_content?: unknown
  refusal?: unknown
  tool_calls?: unknown
}

interface Choice {
  finish_reason?: unknown
  delta?: Text | null
  message?: Text | null
  /** Of a plain completion. */
  text?: unknown
}

interface Details {
  cached_tokens?: unknown
}

/**
 * Only what is read of an answer or of a part of one, from chat completions, completions and responses alike; all of it may
 * be missing or be something else.
 */
interface Told {
  model?: unknown
  error?: unknown
  choices?: (Choice | null)[]
  usage?: {
    prompt_tokens?: unknown
    completion_tokens?: unknown
    prompt_tokens_details?: Details | null
    input_tokens?: unknown
    output_tokens?: unknown
    input_tokens_details?: Details | null
  } | null
  /** Of an event of a response: its name, and what it adds. */
  type?: unknown
  delta?: unknown
  message?: unknown
  /** The response as it stands at this event. */
  response?: Told | null
  object?: unknown
  status?: unknown
  incomplete_details?: { reason?: unknown } | null
  output?: unknown
}

/** Characters of a provider's word for a model or a reason that are kept. */
const MOST_NAME = 512

export const noUsage = (): StreamUsage => ({
  firstTokenMs: null,
  finishReason: null,
  model: null,
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  written: 0,
  whole: false,
  failed: false,
})

const count = (value: unknown): number | null => (Number.isSafeInteger(value) ? Number(value) : null)

const lengthOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  return value ? JSON.stringify(value).length : 0
}

const written = (text: Text | null | undefined, plain: unknown): number =>
  lengthOf(plain) +
  lengthOf(text?.content) +
  lengthOf(text?.reasoning_content) +
  lengthOf(text?.refusal) +
  lengthOf(text?.tool_calls)

function hearUsage(heard: StreamUsage, { usage }: Told): void {
  if (!usage) return
  heard.promptTokens = count(usage.prompt_tokens ?? usage.input_tokens)
  heard.completionTokens = count(usage.completion_tokens ?? usage.output_tokens)
  const details = usage.prompt_tokens_details ?? usage.input_tokens_details
  heard.cachedTokens = count(details?.cached_tokens)
}

function hearText(heard: StreamUsage, length: number, began: number): void {
  if (length > 0) heard.firstTokenMs ??= performance.now() - began
  heard.written += length
}

function hearEnd(heard: StreamUsage, reason: unknown): void {
  if (typeof reason !== 'string') return
  heard.finishReason = reason.slice(0, MOST_NAME)
  heard.whole = true
}

/** A whole response, or the last word of a streamed one. */
function hearResponse(heard: StreamUsage, { status, incomplete_details: details }: Told): void {
  if (status === 'completed' || status === 'incomplete') hearEnd(heard, details?.reason ?? status)
  if (status === 'failed') heard.failed = true
}

function hear(heard: StreamUsage, told: Told, began: number): void {
  if (told.error || told.type === 'error') heard.failed = true
  if (heard.model === null && typeof told.model === 'string') heard.model = told.model.slice(0, MOST_NAME)
  for (const choice of Array.isArray(told.choices) ? told.choices : []) {
    hearText(heard, written(choice?.delta ?? choice?.message, choice?.text), began)
    hearEnd(heard, choice?.finish_reason)
  }
  if (typeof told.delta === 'string') hearText(heard, told.delta.length, began)
  if (told.object === 'response') hearResponse(heard, told)
  hearUsage(heard, told)
}

/** An event of a response tells of itself, and of the response as it stands. */
function hearEvent(heard: StreamUsage, told: Told, began: number): void {
  hear(heard, told, began)
  if (isTold(told.response)) hear(heard, told.response, began)
}

const isTold = (value: unknown): value is Told => typeof value === 'object' && value !== null

function parse(text: string): Told | null {
  try {
    const value: unknown = JSON.parse(text)
    return isTold(value) ? value : null
  } catch {
    return null
  }
}

/** Where an error stands in what was told: it may be one although its status says otherwise. */
const hasError = (told: Told): boolean =>
  Boolean(told.error) || told.type === 'error' || (isTold(told.response) && Boolean(told.response.error))

/** Its error in words that may be read. */
function withSafeError(told: Told): Told {
  if (isTold(told.response)) return { ...told, response: withSafeError(told.response) }
  const event = told.type === 'error' ? { message: safeError(told).message } : {}
  return { ...told, ...event, ...(told.error ? { error: safeError(told.error) } : {}) }
}

/**
 * Reads a plain answer.
 * @param began as performance.now() tells it
 * @returns what of it the caller is to get
 * @throws AppError provider_refused for what is no object
 */
export function usageOfAnswer(heard: StreamUsage, bytes: Buffer, began: number): Buffer {
  const text = withoutKeys(bytes.toString('latin1'))
  const kept = Buffer.from(text, 'latin1')
  const told = parse(kept.toString('utf8'))
  // Python's writers put bare NaN into what is otherwise an answer.
  if (!told && !text.trimStart().startsWith('{')) throw new AppError('provider_refused', 'gateway.noAnswer')
  if (!told) return kept
  if (told.object === 'response') hearText(heard, lengthOf(told.output), began)
  hear(heard, told, began)
  return hasError(told) ? Buffer.from(JSON.stringify(withSafeError(told))) : kept
}

const LINE = /\r\n|\n|\r/

const isData = (line: string): boolean => line.startsWith('data:')

const dataOf = (event: string): string =>
  event
    .split(LINE)
    .flatMap((line) => (isData(line) ? [line.slice('data:'.length).trim()] : []))
    .join('\n')

/** The event with other data; its name and its id stay. */
const withData = (event: string, data: string): string => {
  const others = event.split(LINE).filter((line) => line !== '' && !isData(line))
  return `${[...others, `data: ${data}`].join('\n')}\n\n`
}

/** What a stream that is asked for its usage says before the last event. */
const NO_USAGE = /, *"usage": *null/

const isOnlyUsage = ({ choices, usage }: Told): boolean =>
  Boolean(usage) && Array.isArray(choices) && choices.length === 0

/** A stream that is listened to. */
export interface UsageListener {
  /**
   * @returns what of it the caller is to get: whole events
   * @throws AppError provider_refused for an answer without an end
   */
  take(part: Buffer): Buffer
  /** What was left when it ended. */
  last(): Buffer
}

/**
 * Listens to a streamed answer, event by event: bytes are handed on as they came, but for our keys, the words of an error,
 * and the usage where it was asked for by us alone.
 */
export function listen(heard: StreamUsage, began: number, ownUsage: boolean): UsageListener {
  const { push, rest } = events()
  const read = (came: string): Buffer => {
    const event = Buffer.from(withoutKeys(came), 'latin1')
    const text = event.toString('utf8')
    const data = dataOf(text)
    if (data === '[DONE]') heard.whole = true
    const told = data.startsWith('{') ? parse(data) : null
    if (!told) return event
    hearEvent(heard, told, began)
    if (ownUsage && isOnlyUsage(told)) return Buffer.alloc(0)
    if (hasError(told)) return Buffer.from(withData(text, JSON.stringify(withSafeError(told))))
    return ownUsage && told.usage === null ? Buffer.from(text.replace(NO_USAGE, '')) : event
  }
  return {
    take: (part) => Buffer.concat(push(part.toString('latin1')).map(read)),
    last: () => read(rest()),
  }
}
