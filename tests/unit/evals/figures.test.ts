import { describe, expect, test } from 'vitest'
import { meanInterval, votesNeeded, wilson } from '#lib/core/interval.ts'
import { worthIt } from '#lib/evals/break-even.ts'
import { meanChatCost } from '#lib/providers/prices.ts'

describe('an interval', () => {
  // Values of Newcombe 1998, table I (method 3), and of R's prop.test without continuity correction.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [7, 10, 0.3968, 0.8922],
    [10, 10, 0.7225, 1],
  ])('of %i in %i is %f to %f', (successes, trials, low, high) => {
    const found = wilson(successes, trials)
    expect(found.low).toBeCloseTo(low, 4)
    expect(found.high).toBeCloseTo(high, 4)
  })

  test('of no values is 0 to 1', () => expect(wilson(0, 0)).toEqual({ low: 0, high: 1 }))

  test("of a mean uses Student's t", () => {
    // t(4) = 2.776, s = 0.1581, n = 5.
    const found = meanInterval(5, 1.5, 0.55)
    expect(found?.low).toBeCloseTo(0.3 - 2.776 * (0.15811 / Math.sqrt(5)), 2)
    expect(found?.high).toBeCloseTo(0.3 + 2.776 * (0.15811 / Math.sqrt(5)), 2)
    expect(meanInterval(1, 0.4, 0.16)).toBeNull()
    expect(meanInterval(3, 3, 3)).toEqual({ low: 1, high: 1 })
  })
})

describe('votes', () => {
  test('say how many more are needed', () => {
    expect(votesNeeded(6, 6)).toBe(0)
    expect(votesNeeded(3, 3)).toBe(1)
    const more = votesNeeded(7, 10) ?? 0
    expect(wilson(0.7 * (10 + more), 10 + more).low).toBeGreaterThan(0.5)
    expect(wilson(0.7 * (9 + more), 9 + more).low).toBeLessThanOrEqual(0.5)
  })

  test('a loss can be as certain as a win, a tie never is', () => {
    expect(votesNeeded(0, 6)).toBe(0)
    expect(votesNeeded(5, 10)).toBeNull()
    expect(votesNeeded(0, 0)).toBeNull()
    expect(votesNeeded(5_001, 10_000)).toBeNull()
  })
})

describe('what a call costs', () => {
  const price = { input: 300_000, cachedInput: 150_000, output: 1_200_000 }

  test('is counted by kind of token', () => {
    const tokens = { prompt: 1_000, cached: 400, completion: 100 }
    expect(meanChatCost(price, tokens)).toBeCloseTo((600 * 0.3 + 400 * 0.15 + 100 * 1.2) / 1, 6)
    expect(meanChatCost({ ...price, cachedInput: null }, tokens)).toBeCloseTo(1_000 * 0.3 + 100 * 1.2, 6)
  })

  test('training is paid back by what calls save', () => {
    expect(worthIt({ training: 30_000, before: 500, after: 200, callsPerDay: 50 })).toEqual({
      saving: 300,
      calls: 100,
      days: 2,
    })
    expect(worthIt({ training: 0, before: 2, after: 1, callsPerDay: 0 })).toEqual({
      saving: 1,
      calls: 0,
      days: null,
    })
  })

  test('training is never paid back when calls save nothing', () => {
    expect(worthIt({ training: 1, before: 5, after: 5, callsPerDay: 9 })).toMatchObject({
      calls: null,
      days: null,
    })
    expect(worthIt({ training: 0, before: 5, after: 6, callsPerDay: 9 })).toMatchObject({
      saving: -1,
      calls: null,
    })
  })
})
