import { APIError } from 'openai'
import { AppError, type ErrorCode } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { accountOf } from './account.ts'
import { backoffRecord, dropBackoff, keepBackoff } from './backoff-store.ts'
import { isDailyLimit } from './daily-limit.ts'
import { endpoint, listProviders } from './registry.ts'
import { Backoff } from './schema.ts'

/** How long a provider is left alone that says "too many" and not for how long, in ms. */
const USUAL_REST = 20_000

/** Codes of a 429 that no waiting helps against. */
const OUT_OF_MONEY =
  /^(insufficient_quota|credit_balance_exhausted|billing_hard_limit_reached|\w+_spend_limit_exceeded)$/

/** Codes of a 403 that are about the thing that was asked for, not about the account. */
const ABOUT_THE_THING = ['training_not_available', 'model_not_found']

const isHere = (providerId: string): boolean => listProviders().some(({ id }) => id === providerId)

/** Why nothing is sent to a provider at present; null when it may be asked, and for one that is not configured. */
export async function backoffOf(providerId: string): Promise<Backoff | null> {
  if (!isHere(providerId)) return null
  const record = await backoffRecord(providerId, accountOf(providerId))
  if (!record || (record.until !== null && Number(record.until) <= Date.now())) return null
  return Backoff.parse(record)
}

/** Nobody is left alone longer than this without a person's asking, in ms. */
const LONGEST_REST = 24 * 3_600_000

/** ms that an answer asks to be left alone for: in ms, in seconds, or until a date (RFC 9110, 10.2.3). */
export function retryAfterOf(headers: Headers | undefined, now = Date.now()): number {
  const inMs = headers?.get('retry-after-ms')
  if (inMs && Number(inMs) >= 0) return Math.min(Number(inMs), LONGEST_REST)
  const said = headers?.get('retry-after')
  if (said && Number(said) >= 0) return Math.min(Number(said) * 1000, LONGEST_REST)
  const date = said ? Date.parse(said) : Number.NaN
  return Number.isNaN(date) ? USUAL_REST : Math.min(Math.max(0, date - now), LONGEST_REST)
}

function reasonOf(answer: APIError): Backoff['reason'] | null {
  const { status, code } = answer
  if (status === 401) return 'bad_key'
  if (status === 403) return ABOUT_THE_THING.includes(String(code)) ? null : 'forbidden'
  if (status !== 429 || isDailyLimit(answer)) return null
  // The code first: a quota that is used up comes as a 429 too, and no waiting brings it back.
  return OUT_OF_MONEY.test(String(code)) ? 'quota' : 'rate_limited'
}

const answerIn = (thrown: unknown): APIError | null => {
  const answer = thrown instanceof AppError ? thrown.cause : thrown
  return answer instanceof APIError ? answer : null
}

/**
 * Remembers that a provider is not to be asked for a while, when that is what a failure says. Its words are kept
 * without secrets.
 * @returns null for any other failure
 */
export async function noteFailure(providerId: string, thrown: unknown): Promise<Backoff | null> {
  const answer = answerIn(thrown)
  const reason = answer && reasonOf(answer)
  if (!reason || !isHere(providerId)) return null
  const since = Date.now()
  const until = reason === 'rate_limited' ? Math.ceil(since + retryAfterOf(answer.headers, since)) : null
  const hold: Backoff = { reason, message: failure(answer).message, until, since }
  await keepBackoff({ provider_id: providerId, account: accountOf(providerId), ...hold })
  return hold
}

/** The same for what is new or listed: there a 403 is about what was asked for, and other calls may still be allowed. */
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
 * Nothing is sent to a provider that is on hold.
 * @throws AppError rate_limited, insufficient_quota or provider_refused, with the reason and, where there is an end to it, `until` in ms
 */
export async function refuseDuringBackoff(providerId: string): Promise<void> {
  const hold = await backoffOf(providerId)
  if (!hold) return
  const { reason, message, until } = hold
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
