import type { IncomingMessage } from 'node:http'
import { AppError } from '#lib/core/errors.ts'

/**
 * The whole of a request's body.
 * @param limit in bytes
 * @throws AppError too_large; the stream's own error when the caller leaves
 */
export function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let received = 0
    request.on('data', (part: Buffer) => {
      received += part.length
      if (received <= limit) parts.push(part)
      else reject(new AppError('too_large', 'gateway.bodyTooLarge'))
    })
    request.on('end', () => resolve(Buffer.concat(parts)))
    request.on('error', reject)
    request.on('close', () => reject(new AppError('invalid', 'gateway.bodyBrokeOff')))
  })
}

/** A chat request: its fields as they were written, of which we read only a few. */
export type ChatBody = { model: string } & Record<string, unknown>

/** JSON as Node reads and writes it; TypeScript's library does not know yet that numbers can keep their spelling. */
const exact = JSON as unknown as {
  parse(
    text: string,
    revive: (name: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): unknown
}

/** A number that JavaScript would write differently keeps its own spelling. */
const asWritten = (_name: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && source !== undefined && String(value) !== source
    ? exact.rawJSON(source)
    : value

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * @param deployment the model if the address names it, as Azure's do: the body's own name is then ignored
 * @returns null for an invalid request: the engine or the provider refuses it in its own words
 */
export function chatBodyOf(text: string, deployment: string | null = null): ChatBody | null {
  try {
    const value: unknown = exact.parse(text, asWritten)
    if (!isObject(value)) return null
    const model = deployment ?? value.model
    return typeof model === 'string' ? { ...value, model } : null
  } catch {
    return null
  }
}

/** Whether it asks for a stream. */
export const streams = ({ stream }: ChatBody): boolean => stream === true

const asksForUsage = ({ stream_options: options }: ChatBody): boolean =>
  isObject(options) && options.include_usage === true

export interface Outgoing {
  bytes: Buffer
  /** Only we asked for its usage: the caller must not see it. */
  ownUsage: boolean
}

/** Whether the option for the usage can be added; the provider refuses what is no object. */
const takesOptions = ({ stream_options: options }: ChatBody): boolean =>
  (options ?? null) === null || isObject(options)

/**
 * The request as it is sent: with the model's own name, otherwise unchanged. A streamed answer is asked for its usage
 * if `counted`.
 * @param came its bytes as they arrived; null if `body` has another model name
 */
export function outgoingOf(body: ChatBody, came: Buffer | null, model: string, counted: boolean): Outgoing {
  const ownUsage = counted && streams(body) && takesOptions(body) && !asksForUsage(body)
  if (came && !ownUsage && body.model === model) return { bytes: came, ownUsage }
  const options = isObject(body.stream_options) ? body.stream_options : {}
  const more = ownUsage ? { stream_options: { ...options, include_usage: true } } : {}
  return { bytes: Buffer.from(JSON.stringify({ ...body, model, ...more })), ownUsage }
}

/** A request with another model name. */
export const withModel = (body: ChatBody, model: string): Buffer =>
  Buffer.from(JSON.stringify({ ...body, model }))
