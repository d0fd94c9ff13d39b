import { APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { isDefiniteRefusal, isDefiniteRejection } from '#lib/core/definite-rejection.ts'
import { wasRejected } from '#lib/providers/request.ts'

describe('a status certainly means that the server did nothing', () => {
  test.each([301, 307, 400, 401, 404, 409, 422, 429])('%i, for an answer and for a job', (status) => {
    expect(isDefiniteRejection(status, 'answer')).toBe(true)
    expect(isDefiniteRejection(status, 'job')).toBe(true)
  })

  test.each([200, 408, 500, 502, 503, 504])('not %i', (status) => {
    expect(isDefiniteRejection(status, 'answer')).toBe(false)
    expect(isDefiniteRejection(status, 'job')).toBe(false)
  })

  test('507 for a job, which was not stored, but not for an answer, which may be billed', () => {
    expect(isDefiniteRejection(507, 'job')).toBe(true)
    expect(isDefiniteRejection(507, 'answer')).toBe(false)
  })

  test('an error is a rejection by its HTTP status; without a status it is not', () => {
    const answered = (status: number) => APIError.generate(status, undefined, undefined, new Headers())
    expect(wasRejected(answered(400), 'job')).toBe(true)
    expect(wasRejected(answered(500), 'job')).toBe(false)
    expect(wasRejected(new APIError(undefined, undefined, 'lost', undefined), 'job')).toBe(false)
    expect(wasRejected(new TypeError('fetch failed'), 'job')).toBe(false)
  })
})

test.each(['invalid', 'conflict', 'over_cap', 'provider_refused'] as const)(
  '%s of the studio means that it began nothing',
  (code) => {
    expect(isDefiniteRefusal(code)).toBe(true)
  },
)

test.each(['unavailable', 'internal', 'provider_unknown', 'disk_full'] as const)(
  '%s of the studio leaves open whether it began the work',
  (code) => {
    expect(isDefiniteRefusal(code)).toBe(false)
  },
)
