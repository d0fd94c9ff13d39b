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

/** Usage and outcome of an answer, read while it passes through. */
export interface StreamUsage extends ChatUsage {
  /** ms from the request to its first text; null while there is none. */
  firstTokenMs: number | null
  finishReason: string | null
  model: string | null
  /** It ended properly: with a finish reason, or with the final event. */
  whole: boolean
  /** It broke off with an error of the provider. */
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

/** Adds one part of the answer. */
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

/** An event of the Responses API has its own fields, and the response so far. */
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

/** Whether a part holds an error: an answer may have one despite its status. */
const hasError = (part: WirePart): boolean =>
  Boolean(part.error) || part.type === 'error' || (isWirePart(part.response) && Boolean(part.response.error))

/** The part with its error made safe to read. */
function withSafeError(part: WirePart): WirePart {
  if (isWirePart(part.response)) return { ...part, response: withSafeError(part.response) }
  const event = part.type === 'error' ? { message: safeError(part).message } : {}
  return { ...part, ...event, ...(part.error ? { error: safeError(part.error) } : {}) }
}

/**
 * Reads a plain answer.
 * @param began as performance.now() gives it
 * @returns the bytes for the caller
 * @throws AppError provider_refused for an answer that is no object
 */
export function usageOfAnswer(usage: StreamUsage, bytes: Buffer, began: number): Buffer {
  const text = withoutKeys(bytes.toString('latin1'))
  const kept = Buffer.from(text, 'latin1')
  const part = parse(kept.toString('utf8'))
  // Python writes bare NaN into otherwise valid JSON.
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

/** The event with other data; its name and id stay. */
const withData = (event: string, data: string): string => {
  const others = event.split(LINE).filter((line) => line !== '' && !isData(line))
  return `${[...others, `data: ${data}`].join('\n')}\n\n`
}

/** `usage` of every chunk but the last, in a stream that was asked for it. */
const NO_USAGE = /, *"usage": *null/

const isOnlyUsage = ({ choices, usage }: WirePart): boolean =>
  Boolean(usage) && Array.isArray(choices) && choices.length === 0

/** Reads a stream while it passes through. */
export interface UsageListener {
  /**
   * @returns the bytes for the caller: complete events
   * @throws AppError provider_refused for an event or answer that is too long
   */
  take(part: Buffer): Buffer
  /** The incomplete rest after the end. */
  last(): Buffer
}

/**
 * Reads a streamed answer event by event: bytes pass unchanged, except for our keys, error messages, and usage that
 * only we asked for.
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
