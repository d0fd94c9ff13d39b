import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AppError, ErrorCode } from '#lib/core/errors.ts'
import { typeOf } from '#lib/http/openai-error.ts'
import { refuseEarly } from '#lib/http/refuse-early.ts'
import { requestIdOf } from '#lib/http/request-id.ts'
import { scrub } from '#lib/http/secrets.ts'

/** What OpenAI's clients read from an error. */
export interface WireRefusal {
  message: string
  type: string
  param: string | null
  /** Some servers use numbers. */
  code: string | number | null
}

/** Characters of an identifier, not a sentence. */
const MOST_WORD = 64

const wordIn = (value: unknown): string | null => (typeof value === 'string' ? scrub(value, MOST_WORD) : null)

const textOf = (value: unknown): string =>
  scrub(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** A provider's error, reduced to the fields that OpenAI's clients read, without secrets. */
export function safeError(error: unknown): WireRefusal {
  const { message = error, type, param, code } = (error ?? {}) as Partial<Record<keyof WireRefusal, unknown>>
  return {
    message: textOf(message),
    type: wordIn(type) ?? 'server_error',
    param: wordIn(param),
    code: typeof code === 'number' ? code : wordIn(code),
  }
}

/** Answers with an error in OpenAI's shape; once an answer has begun it can only be cut. */
export function refuseWith(
  response: ServerResponse,
  status: number,
  error: WireRefusal,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  requestIdOf(response)
  void refuseEarly(response, status, { error }, headers)
}

export const refuse = (
  response: ServerResponse,
  status: number,
  message: string,
  code: string | null,
  headers: OutgoingHttpHeaders = {},
): void => refuseWith(response, status, { message, type: typeOf(status), param: null, code }, headers)

/** A program cannot confirm a sum: for it that is a limit like the monthly one. */
export const statusOf = ({ code, status }: AppError): number => (code === 'needs_confirmation' ? 402 : status)

/** Our error in OpenAI's shape. */
export function errorOf(error: AppError): WireRefusal {
  const { message, param = null, facts } = error
  const code = String(facts?.code ?? error.code)
  return { message, type: typeOf(statusOf(error), code), param, code }
}

/** SDKs retry 409, 429 and 5xx: for these errors that is useless until the user has acted. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'conflict',
  'needs_confirmation',
  'insufficient_quota',
  'damaged',
  'disk_full',
])

/** Seconds after which a restarting built-in engine is usually there. */
export const ENGINE_BACK = '2'

/** Headers that say whether and when to retry. */
function adviceOf({ code, facts }: AppError): OutgoingHttpHeaders {
  if (typeof facts?.until === 'number')
    return { 'retry-after': String(Math.max(1, Math.ceil((facts.until - Date.now()) / 1000))) }
  if (code === 'unavailable') return { 'retry-after': ENGINE_BACK }
  return FINAL.has(code) || facts?.hold ? { 'x-should-retry': 'false' } : {}
}

export const refuseError = (response: ServerResponse, error: AppError): void =>
  refuseWith(response, statusOf(error), errorOf(error), adviceOf(error))
