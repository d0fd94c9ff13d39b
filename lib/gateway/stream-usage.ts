import { AppError } from '#lib/core/errors.ts'
import { withoutKeys } from '#lib/http/secrets.ts'
import {
  type AnswerPart,
  isWirePart,
  lengthOf,
  noteUsage,
  readPart,
  type WirePart,
} from '#lib/providers/answer-part.ts'
import type { ChatUsage } from '#lib/providers/chat-bill.ts'
import { events } from '#lib/providers/event-stream.ts'
import { safeError } from './error-response.ts'

/** What an answer said about itself on its way through. */
export interface StreamUsage extends ChatUsage {
  /** ms since the request came, at its first text; null while there is none. */
  firstTokenMs: number | null
  finishReason: string | null
  model: string | null
  /** It ended as it should: with a reason, or with a line that says so. */
  whole: boolean
  /** It broke off with an error of the provider's. */
  failed: boolean
}

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

/** Notes what one part of the answer says. */
function notePart(usage: StreamUsage, part: AnswerPart, began: number): void {
  if (part.failed) usage.failed = true
  usage.model ??= part.model
  noteWritten(usage, part.written, began)
  if (part.finishReason !== null) {
    usage.finishReason = part.finishReason
    usage.whole = true
  }
  noteUsage(usage, part)
}

function noteWritten(usage: StreamUsage, characters: number, began: number): void {
  if (characters > 0) usage.firstTokenMs ??= performance.now() - began
  usage.written += characters
}

/** An event of a response tells of itself, and of the response as it stands. */
function noteEvent(usage: StreamUsage, event: WirePart, began: number): void {
  notePart(usage, readPart(event), began)
  if (isWirePart(event.response)) notePart(usage, readPart(event.response), began)
}

function parse(text: string): WirePart | null {
  try {
    const value: unknown = JSON.parse(text)
    return isWirePart(value) ? value : null
  } catch {
    return null
  }
}

/** Where an error stands in a part: an answer may have one although its status says otherwise. */
const hasError = (part: WirePart): boolean =>
  Boolean(part.error) || part.type === 'error' || (isWirePart(part.response) && Boolean(part.response.error))

/** Its error in words that may be read. */
function withSafeError(part: WirePart): WirePart {
  if (isWirePart(part.response)) return { ...part, response: withSafeError(part.response) }
  const event = part.type === 'error' ? { message: safeError(part).message } : {}
  return { ...part, ...event, ...(part.error ? { error: safeError(part.error) } : {}) }
}

/**
 * Reads a plain answer.
 * @param began as performance.now() tells it
 * @returns what of it the caller is to get
 * @throws AppError provider_refused for what is no object
 */
export function usageOfAnswer(usage: StreamUsage, bytes: Buffer, began: number): Buffer {
  const text = withoutKeys(bytes.toString('latin1'))
  const kept = Buffer.from(text, 'latin1')
  const part = parse(kept.toString('utf8'))
  // Python's writers put bare NaN into what is otherwise an answer.
  if (!part && !text.trimStart().startsWith('{')) throw new AppError('provider_refused', 'gateway.noAnswer')
  if (!part) return kept
  if (part.object === 'response') noteWritten(usage, lengthOf(part.output), began)
  notePart(usage, readPart(part), began)
  return hasError(part) ? Buffer.from(JSON.stringify(withSafeError(part))) : kept
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

const isOnlyUsage = ({ choices, usage }: WirePart): boolean =>
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
export function listen(usage: StreamUsage, began: number, ownUsage: boolean): UsageListener {
  const { push, rest } = events()
  const read = (came: string): Buffer => {
    const event = Buffer.from(withoutKeys(came), 'latin1')
    const text = event.toString('utf8')
    const data = dataOf(text)
    if (data === '[DONE]') usage.whole = true
    const part = data.startsWith('{') ? parse(data) : null
    if (!part) return event
    noteEvent(usage, part, began)
    if (ownUsage && isOnlyUsage(part)) return Buffer.alloc(0)
    if (hasError(part)) return Buffer.from(withData(text, JSON.stringify(withSafeError(part))))
    return ownUsage && part.usage === null ? Buffer.from(text.replace(NO_USAGE, '')) : event
  }
  return {
    take: (part) => Buffer.concat(push(part.toString('latin1')).map(read)),
    last: () => read(rest()),
  }
}
