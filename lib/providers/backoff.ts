import { APIError } from 'openai'
import { AppError, type ErrorCode } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { accountOf } from './account.ts'
import { backoffRecord, dropBackoff, keepBackoff } from './backoff-store.ts'
import { isDailyLimit } from './daily-limit.ts'
import { endpoint, listProviders } from './registry.ts'
import { Backoff } from './schema.ts'

/** Backoff after a "too many" that does not say for how long, in ms. */
const DEFAULT_BACKOFF = 20_000

/** Codes of a 429 that waiting does not help. */
const OUT_OF_MONEY =
  /^(insufficient_quota|credit_balance_exhausted|billing_hard_limit_reached|\w+_spend_limit_exceeded)$/

/** Codes of a 403 about the model or feature that was asked for, not about the account. */
const ABOUT_THE_REQUEST = ['training_not_available', 'model_not_found']

const isHere = (providerId: string): boolean => listProviders().some(({ id }) => id === providerId)

/** Why nothing is sent to a provider now; null when it may be asked, and when it is not configured. */
export async function backoffOf(providerId: string): Promise<Backoff | null> {
  if (!isHere(providerId)) return null
  const record = await backoffRecord(providerId, accountOf(providerId))
  if (!record || (record.until !== null && Number(record.until) <= Date.now())) return null
  return Backoff.parse(record)
}

/** Longest backoff that ends by itself, in ms. */
const LONGEST_BACKOFF = 24 * 3_600_000

/** The delay that an answer asks for, in ms: given in ms, in seconds, or as a date (RFC 9110, 10.2.3). */
export function retryAfterOf(headers: Headers | undefined, now = Date.now()): number {
  const inMs = headers?.get('retry-after-ms')
  if (inMs && Number(inMs) >= 0) return Math.min(Number(inMs), LONGEST_BACKOFF)
  const said = headers?.get('retry-after')
  if (said && Number(said) >= 0) return Math.min(Number(said) * 1000, LONGEST_BACKOFF)
  const date = said ? Date.parse(said) : Number.NaN
  return Number.isNaN(date) ? DEFAULT_BACKOFF : Math.min(Math.max(0, date - now), LONGEST_BACKOFF)
}

function reasonOf(answer: APIError): Backoff['reason'] | null {
  const { status, code } = answer
  if (status === 401) return 'bad_key'
  if (status === 403) return ABOUT_THE_REQUEST.includes(String(code)) ? null : 'forbidden'
  if (status !== 429 || isDailyLimit(answer)) return null
  // The code first: a used-up quota is a 429 too, and waiting does not restore it.
  return OUT_OF_MONEY.test(String(code)) ? 'quota' : 'rate_limited'
}

const answerIn = (thrown: unknown): APIError | null => {
  const answer = thrown instanceof AppError ? thrown.cause : thrown
  return answer instanceof APIError ? answer : null
}

/**
 * Starts a backoff when a failure asks for one. Its message is stored without secrets.
 * @returns null for any other failure
 */
export async function noteFailure(providerId: string, thrown: unknown): Promise<Backoff | null> {
  const answer = answerIn(thrown)
  const reason = answer && reasonOf(answer)
  if (!reason || !isHere(providerId)) return null
  const since = Date.now()
  const until = reason === 'rate_limited' ? Math.ceil(since + retryAfterOf(answer.headers, since)) : null
  const backoff: Backoff = { reason, message: failure(answer).message, until, since }
  await keepBackoff({ provider_id: providerId, account: accountOf(providerId), ...backoff })
  return backoff
}

/**
 * Like `noteFailure`, for launching and listing: there a 403 is about what was asked for, and other calls may be
 * allowed.
 */
export const noteRefusal = async (providerId: string, thrown: unknown): Promise<Backoff | null> =>
  answerIn(thrown)?.status === 403 ? null : noteFailure(providerId, thrown)

export const endBackoff = (providerId: string): Promise<void> => dropBackoff(providerId)

const CODES = {
  bad_key: 'provider_refused',
  forbidden: 'provider_refused',
  quota: 'insufficient_quota',
  rate_limited: 'rate_limited',
} as const satisfies Record<Backoff['reason'], ErrorCode>

/**
 * @throws AppError during a provider's backoff: rate_limited, insufficient_quota or provider_refused, with the reason
 * and, if it ends by itself, `until` in ms
 */
export async function refuseDuringBackoff(providerId: string): Promise<void> {
  const backoff = await backoffOf(providerId)
  if (!backoff) return
  const { reason, message, until } = backoff
  throw new AppError(
    CODES[reason],
    [
      'providers.backoff',
      {
        provider: endpoint(providerId).provider.name,
        reason,
        said: message,
        until: until === null ? 'none' : new Date(until).toISOString().slice(11, 19),
      },
    ],
    { facts: { hold: reason, ...(until === null ? {} : { until }) } },
  )
}
