import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { scrub } from '#lib/http/secrets.ts'

/** Headers that clients read to decide when to retry, and how much they may ask. */
const ADVICE = /^(retry-after(-ms)?|x-should-retry|x-ratelimit-[\w-]+|openai-processing-ms)$/
const RETURNED = /^(content-(?!security-policy)|allow$)/

const keep = (headers: IncomingHttpHeaders, isKept: (name: string, value: string) => boolean) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => typeof value === 'string' && isKept(name, value)),
  ) as Record<string, string>

/** Numbers, words, durations and dates; a key would not fit in unseen. */
const isPlain = (value: string): boolean => /^[\w .,:;+-]{1,100}$/.test(value) && scrub(value) === value

/** When to retry: seconds or a date (RFC 9110, 10.2.3); nothing else is passed on. */
const isTime = (value: string): boolean => /^\d{1,9}$/.test(value) || !Number.isNaN(Date.parse(value))

/** The retry and rate limit headers of an answer: a provider may repeat a key in any other. */
export const advice = (headers: IncomingHttpHeaders): Record<string, string> =>
  keep(
    headers,
    (name, value) => ADVICE.test(name) && isPlain(value) && (name !== 'retry-after' || isTime(value)),
  )

/**
 * The built-in engine's headers that the caller needs. The request's id is the gateway's own, which the engine repeats.
 */
export const returned = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => ({
  ...advice(headers),
  ...keep(headers, (name) => RETURNED.test(name)),
})

/** The named headers of a request, with those of the provider's key: the caller's own is never passed on. */
export function passed(
  headers: IncomingHttpHeaders,
  names: readonly string[],
  auth: Record<string, string>,
): OutgoingHttpHeaders {
  const kept = names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]))
  return { ...Object.fromEntries(kept), ...auth }
}
