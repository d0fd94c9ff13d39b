import type { ErrorCode } from './errors.ts'

/**
 * What a request asked for. It decides what a 5xx means: an answer may have been generated, and billed, before the server
 * failed; a job that got 507 (no room) was certainly not stored.
 */
export type PaidRequest = 'answer' | 'job'

/**
 * Whether a status certainly means that the server did nothing and bills nothing. 3xx: we do not follow redirects.
 * 408: the server gave up waiting, perhaps in the middle of the work.
 */
export const isDefiniteRejection = (status: number, request: PaidRequest): boolean =>
  (status >= 300 && status < 500 && status !== 408) || (request === 'job' && status === 507)

/**
 * Errors of the studio itself after which the work may have begun: no answer, a failure at an unknown point, or a result
 * that could not be stored.
 */
const IN_DOUBT: readonly ErrorCode[] = ['unavailable', 'internal', 'provider_unknown', 'disk_full']

/** Whether the studio certainly began nothing: it refused the request. */
export const isDefiniteRefusal = (code: ErrorCode): boolean => !IN_DOUBT.includes(code)
