import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alternatives, billedTokens, resolve, stepsOf } from '#lib/training-data/plan.ts'

const AUTO = { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' } as const

describe('what "auto" becomes', () => {
  test.each([
    [0, 25, 1, 'few'],
    [1, 25, 1, 'few'],
    [4, 25, 1, 'few'],
    [5, 20, 1, 'few'],
    [10, 10, 1, 'few'],
    [33, 3, 1, 'few'],
    [34, 3, 1, 'usual'],
    [1_000, 3, 2, 'usual'],
    [5_000, 3, 10, 'usual'],
    [8_333, 3, 17, 'usual'],
    [12_500, 2, 25, 'many'],
    [25_001, 1, 50, 'many'],
    [500_000, 1, 256, 'many'],
  ])('%i examples: %i epochs in batches of %i', (examples, nEpochs, batchSize, reason) => {
    const resolved = resolve(AUTO, examples, 'openai')
    expect(resolved.nEpochs).toEqual({ value: nEpochs, auto: true, reason })
    expect(resolved.batchSize).toEqual({ value: batchSize, auto: true, reason: 'share' })
  })

  test.each([
    [10, 14, 'few'],
    [14, 14, 'few'],
    [20, 10, 'few'],
    [40, 5, 'few'],
    [199, 1, 'few'],
    [200, 1, 'once'],
    [25_001, 1, 'many'],
  ])('on the built-in engine, %i examples: %i epochs', (examples, nEpochs, reason) => {
    expect(resolve(AUTO, examples, 'engine').nEpochs).toEqual({ value: nEpochs, auto: true, reason })
  })

  test('epochs stay within the limit of a job, and rows × epochs between 100 and 25,000 if the rows allow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (examples) => {
        const { nEpochs, batchSize } = resolve(AUTO, examples, 'openai')
        const seen = examples * nEpochs.value
        expect(nEpochs.value).toBeGreaterThanOrEqual(1)
        expect(batchSize.value).toBeLessThanOrEqual(256)
        expect(seen).toBeLessThanOrEqual(Math.max(25_000, examples))
        expect(seen).toBeGreaterThanOrEqual(Math.min(examples * 25, 67))
      }),
    )
  })

  test('a value set by the user stays', () => {
    expect(resolve({ ...AUTO, nEpochs: 4 }, 10, 'openai').nEpochs).toEqual({
      value: 4,
      auto: false,
      reason: null,
    })
  })

  test('steps include a short last batch, tokens include every epoch', () => {
    const plan = { examples: 10, tokens: 912, nEpochs: 10, batchSize: 4 }
    expect(stepsOf(plan)).toBe(30)
    expect(billedTokens(plan)).toBe(9_120)
  })
})

describe('more rows or more epochs', () => {
  test('each count of rows has one epoch, the automatic number, and twice that', () => {
    expect(alternatives(10, 'openai')).toEqual([
      { rows: 5, epochs: 1 },
      { rows: 5, epochs: 20 },
      { rows: 5, epochs: 40 },
      { rows: 10, epochs: 1 },
      { rows: 10, epochs: 10 },
      { rows: 10, epochs: 20 },
      { rows: 20, epochs: 1 },
      { rows: 20, epochs: 5 },
      { rows: 20, epochs: 10 },
    ])
  })

  test('no alternative is repeated or above the limit of epochs', () => {
    expect(alternatives(0, 'openai')).toEqual([])
    expect(alternatives(1, 'openai')).toEqual([
      { rows: 1, epochs: 1 },
      { rows: 1, epochs: 25 },
      { rows: 1, epochs: 50 },
      { rows: 2, epochs: 1 },
      { rows: 2, epochs: 25 },
      { rows: 2, epochs: 50 },
    ])
    expect(alternatives(60_000, 'openai').filter(({ rows }) => rows === 60_000)).toEqual([
      { rows: 60_000, epochs: 1 },
      { rows: 60_000, epochs: 2 },
    ])
  })
})
