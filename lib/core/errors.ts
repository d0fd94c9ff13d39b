import { type CatalogueWords, inEnglish } from '#lib/i18n/error-words.ts'
import type { Worded, WordValues } from '#lib/i18n/worded.ts'

/** Every way a request can be refused, and the HTTP status it leaves with. A new code without a status does not compile. */
const statusByCode = {
  invalid: 400,
  unauthorized: 401,
  /** The sum would pass a limit that a person set. */
  over_cap: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  /** A person has to say yes to the sum first. */
  needs_confirmation: 409,
  too_large: 413,
  unsupported_type: 415,
  misdirected: 421,
  rate_limited: 429,
  /** The provider's account has no money or quota left: no waiting helps. */
  insufficient_quota: 429,
  internal: 500,
  /** A file of ours is gone, or its bytes are not the ones that were kept. */
  damaged: 500,
  provider_refused: 502,
  provider_unreachable: 502,
  /** The provider may or may not have acted: never sent again by us. */
  provider_unknown: 504,
  unavailable: 503,
  /** The disk takes no more: nothing of what was asked has been kept. */
  disk_full: 507,
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof statusByCode

export interface ErrorDetails {
  /** The field or parameter at fault. */
  param?: string
  /** Facts a person can act on: the provider's own code, a request id, a line. Never a secret. */
  facts?: Record<string, string | number>
  cause?: unknown
}

/** Of our catalogue; a `message` without a key is for the words of others: a provider's, or the engine's as OpenAI has them. */
export type ErrorWords = CatalogueWords | Worded

const worded = (words: ErrorWords): Worded =>
  typeof words !== 'string' && 'message' in words ? words : inEnglish(words)

/** A refusal with words for the person who asked: what is wrong, where, and what to do. */
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

/** The body of every refused answer of the studio's own JSON. */
export interface WireError {
  /** `message` in English; what comes from our catalogue also says its `key` there, and the `values` of its gaps. */
  error: Worded & {
    code: ErrorCode
    param: string | null
    facts: Record<string, string | number> | null
  }
}

const isCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(statusByCode, code)

/** Rebuilds the error on the browser's side; anything that is not our shape becomes `internal`. */
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

/** What went wrong and why, for the log of a process: the message, and below it that of each cause. */
export function withCauses(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause === undefined
    ? thrown.message
    : `${thrown.message}\n  Cause: ${withCauses(thrown.cause)}`
}
