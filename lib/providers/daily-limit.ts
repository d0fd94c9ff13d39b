import { APIError } from 'openai'
import { AppError } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { accountOf } from './account.ts'
import { dailyLimit, keepDailyLimit } from './backoff-store.ts'
import { endpoint } from './registry.ts'

/** ms of the window in which a provider counts the jobs of a day. */
export const DAY = 24 * 3_600_000

/** The error for one more job of this model today: other models and chat are not affected. */
export const isDailyLimit = (thrown: unknown): thrown is APIError =>
  thrown instanceof APIError &&
  thrown.status === 429 &&
  (String(thrown.code).startsWith('daily') ||
    /fine-?tun[a-z]{1,12} (requests?|jobs?) per day/i.test(thrown.message))

const clock = (ms: number): string => {
  const [date, time] = new Date(ms).toISOString().split('T')
  return `${time?.slice(0, 5)} on ${date} UTC`
}

const jobsADay = (message: string): string => {
  const [, count] = /\b(\d{1,6}) fine-?tun[a-z]{1,12} (?:requests?|jobs?) per day/i.exec(message) ?? []
  return count ?? 'unknown'
}

interface Limit {
  message: string
  /** ms; the earliest known job of the last 24 hours. */
  earliest: number
  until: number
}

const refused = (providerId: string, model: string, { message, earliest, until }: Limit) =>
  new AppError(
    'rate_limited',
    [
      'providers.dailyLimit',
      {
        provider: endpoint(providerId).provider.name,
        jobs: jobsADay(message),
        model,
        earliest: clock(earliest),
        until: clock(until),
        said: message,
      },
    ],
    { param: 'model', facts: { hold: 'daily', until } },
  )

/**
 * Blocks launches of one model until a day after the earliest job that counts.
 * @param earliest ms; null when no job of the last 24 hours is known here: then only the provider's own message is left
 * @returns the error's message
 */
export async function noteDailyLimit(
  { providerId, model }: { providerId: string; model: string },
  answer: APIError,
  earliest: number | null,
): Promise<unknown> {
  if (earliest === null) return answer
  const limit = { message: failure(answer).message, earliest, until: earliest + DAY }
  await keepDailyLimit({ provider_id: providerId, account: accountOf(providerId), model, ...limit })
  return refused(providerId, model, limit)
}

/**
 * Refuses a launch when the model's jobs of the day are used up.
 * @throws AppError rate_limited, with the time at which the next slot opens, and `until` in ms
 */
export async function refuseOverDailyLimit(providerId: string, model: string): Promise<void> {
  const limit = await dailyLimit(providerId, accountOf(providerId), model)
  if (limit && Number(limit.until) > Date.now())
    throw refused(providerId, model, {
      message: limit.message,
      earliest: Number(limit.earliest),
      until: Number(limit.until),
    })
}
