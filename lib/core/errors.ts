import { type CatalogueWords, inEnglish } from '#lib/i18n/error-words.ts'
import type { Worded, WordValues } from '#lib/i18n/worded.ts'

/** Error codes and their HTTP status. A new code without a status does not compile. */
const statusByCode = {
  invalid: 400,
  unauthorized: 401,
  /** The cost would exceed the spending limit. */
  over_cap: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  /** The user has to confirm the cost first. */
  needs_confirmation: 409,
  too_large: 413,
  unsupported_type: 415,
  misdirected: 421,
  rate_limited: 429,
  /** The provider's account has no money or quota left: waiting does not help. */
  insufficient_quota: 429,
  internal: 500,
  /** A stored file is missing, or its bytes have changed. */
  damaged: 500,
  provider_refused: 502,
  provider_unreachable: 502,
  /** The provider may or may not have acted: we never send the request again. */
  provider_unknown: 504,
  unavailable: 503,
  /** The disk is full: nothing of this request was stored. */
  disk_full: 507,
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof statusByCode

export interface ErrorDetails {
  /** The field or parameter at fault. */
  param?: string
  /** Facts the user can act on: the provider's code, a request id, a line. Never a secret. */
  facts?: Record<string, string | number>
  cause?: unknown
}

/** A sentence of our catalogue; a `message` without a key holds a provider's or the engine's own words. */
export type ErrorWords = CatalogueWords | Worded

const worded = (words: ErrorWords): Worded =>
  typeof words !== 'string' && 'message' in words ? words : inEnglish(words)

/** An error that the user reads: what is wrong, where, and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly key: string | undefined
  readonly values: WordValues | undefined
  readonly param: string | undefined
  readonly facts: Record<string, string | number> | undefined

  constructor(code: ErrorCode, words: ErrorWords, { param, facts, cause }: ErrorDetails = {}) {
    const { message, key, values } = worded(words)
    super(message, { cause })
    this.name = 'AppError'
    this.code = code
    this.key = key
    this.values = values
    this.param = param
    this.facts = facts
  }

  get status(): number {
    return statusByCode[this.code]
  }

  get words(): Worded {
    const { message, key, values } = this
    return { message, key, values }
  }

  toWire(): WireError {
    const { code, words, param = null, facts = null } = this
    return { error: { code, ...words, param, facts } }
  }
}

/** Body of every error response of the studio's JSON API. */
export interface WireError {
  /** `message` in English; for a sentence of our catalogue also its `key` and `values`. */
  error: Worded & {
    code: ErrorCode
    param: string | null
    facts: Record<string, string | number> | null
  }
}

const isCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(statusByCode, code)

/** Rebuilds the error in the browser; any other shape becomes `internal`. */
export function fromWire(body: unknown): AppError {
  const error = (body as Partial<WireError> | null)?.error
  if (!error || !isCode(error.code)) return new AppError('internal', 'http.notUnderstood')
  const { code, message, key, values, param, facts } = error
  return new AppError(
    code,
    { message, key, values },
    { param: param ?? undefined, facts: facts ?? undefined },
  )
}

/** Error for a log: its message, then that of each cause on a line below. */
export function withCauses(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause === undefined
    ? thrown.message
    : `${thrown.message}\n  Cause: ${withCauses(thrown.cause)}`
}
