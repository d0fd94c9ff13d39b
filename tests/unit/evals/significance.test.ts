import { describe, expect, test } from 'vitest'
import { holm, mcnemar, signFlip } from '#lib/evals/significance.ts'

describe("McNemar's exact test", () => {
  // scipy.stats.binomtest(min, n, 0.5).pvalue
  test.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 0.0625],
    [6, 0, 0.03125],
    [29, 0, 3.725290298461914e-9],
    [8, 2, 0.109375],
    [2, 8, 0.109375],
    [3, 3, 1],
    [40, 20, 0.013489293731191],
  ])('of %i rows that only one passes and %i that only the other does: p %f', (onlyA, onlyB, p) =>
    expect(mcnemar(onlyA, onlyB)).toBeCloseTo(p, 9),
  )

  test('of a thousand rows is a finite number', () => {
    expect(mcnemar(500, 500)).toBe(1)
    expect(mcnemar(600, 400)).toBeGreaterThan(0)
    expect(mcnemar(600, 400)).toBeLessThan(1e-9)
  })
})

describe('the sign-flip test', () => {
  test('counts every way to flip the signs', () => {
    expect(signFlip([])).toBe(1)
    expect(signFlip([0, 0])).toBe(1)
    expect(signFlip([0.1, 0.2, 0.3])).toBe(0.25)
    expect(signFlip([0.1, 0.2, 0.3, 0, 0.4, 0.5, 0.6])).toBe(2 / 64)
    expect(signFlip([0.1, -0.1])).toBe(1)
  })

  test('is symmetric, and meets its approximation without a jump', () => {
    const differences = Array.from({ length: 16 }, (_, n) => (n % 4 === 0 ? -0.1 : 0.1 + n / 100))
    const p = signFlip(differences)
    expect(signFlip(differences.map((one) => -one))).toBe(p)
    expect(signFlip([...differences, 1e-9])).toBeCloseTo(p, 1)
  })

  test('of many rows follows the normal distribution: 1.96 standard deviations are 5 %', () => {
    const n = 400
    const more = Math.round((n + 1.96 * Math.sqrt(n)) / 2)
    const differences = Array.from({ length: n }, (_, at) => (at < more ? 0.5 : -0.5))
    expect(signFlip(differences)).toBeCloseTo(0.05, 2)
  })
})

test("Holm's correction keeps the order and is monotonic", () => {
  expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06])
  expect(holm([0.6])).toEqual([0.6])
  expect(holm([0.6, 0.9])).toEqual([1, 1])
})
