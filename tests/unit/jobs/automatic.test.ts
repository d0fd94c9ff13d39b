import { describe, expect, test } from 'vitest'
import { automaticBatchSize, automaticEpochs } from '#lib/engine/model/defaults.ts'
import { billedTokens, resolve, stepsOf } from '#lib/jobs/automatic.ts'

const AUTO = { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' } as const

describe('what "auto" becomes', () => {
  test.each([
    [5, 20, 1],
    [10, 10, 1],
    [33, 3, 1],
    [100, 3, 1],
    [5_000, 3, 10],
    [12_500, 2, 25],
    [200_000, 1, 256],
  ])('%i examples: %i epochs in batches of %i', (examples, nEpochs, batchSize) => {
    const resolved = resolve(AUTO, examples)
    expect(resolved.nEpochs).toMatchObject({ value: nEpochs, auto: true })
    expect(resolved.batchSize).toMatchObject({ value: batchSize, auto: true })
  })

  test('the embedded engine resolves as the form says it will', () => {
    for (const examples of [1, 4, 10, 34, 99, 1_000, 9_999, 60_000]) {
      const { nEpochs, batchSize } = resolve(AUTO, examples)
      expect([nEpochs.value, batchSize.value]).toEqual([
        automaticEpochs(examples),
        automaticBatchSize(examples),
      ])
    }
  })

  test('a value set by hand stays', () => {
    expect(resolve({ ...AUTO, nEpochs: 4 }, 10).nEpochs).toEqual({ value: 4, auto: false, reason: null })
  })

  test('steps count a last short batch, tokens count every epoch', () => {
    const plan = { examples: 10, tokens: 912, nEpochs: 10, batchSize: 4 }
    expect(stepsOf(plan)).toBe(30)
    expect(billedTokens(plan)).toBe(9_120)
  })
})
