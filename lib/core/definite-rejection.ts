import type { ErrorCode } from './errors.ts'

/**
 * What a server was asked to do. It matters for what went wrong on its side: an answer may have been generated, and is then
 * billed, before a server says 5xx, while a job for which there was no room was certainly not written down.
 */
export type PaidRequest = 'answer' | 'job'

/**
 * Whether a status certainly means that the server did nothing and will bill nothing. 3xx: a redirection, which is not
 * followed. 408: it gave up waiting, perhaps amid the work.
 */
export const isDefiniteRejection = (status: number, request: PaidRequest): boolean =>
  (status >= 300 && status < 500 && status !== 408) || (request === 'job' && status === 507)

/**
 * Errors of the studio itself after which it may have begun what it was asked: it did not answer, or failed at an unknown
 * point, or could not write down what became of it.
 */
const IN_DOUBT: readonly ErrorCode[] = ['unavailable', 'internal', 'provider_unknown', 'disk_full']

/** Whether the studio certainly began nothing; all other errors are its own refusals. */
export const isDefiniteRefusal = (code: ErrorCode): boolean => !IN_DOUBT.includes(code)
