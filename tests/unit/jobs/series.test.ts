import { describe, expect, test } from 'vitest'
import { bestOf, pointOf, pointsOf } from '#lib/jobs/series.ts'

/** The lesson's own tail: steps 85 to 100, twelve of them exactly zero. */
const TAIL = [0.14, 0, 0, 0.07, 0, 0, 0, 0, 0, 0, 0.08, 0.05, 0, 0, 0, 0]
const events = TAIL.map((loss, index) => ({
  message: `Step ${85 + index}/100: training loss=${loss.toFixed(2)}`,
  data: { step: 85 + index, train_loss: loss, train_mean_token_accuracy: 1 },
}))

describe('the curve', () => {
  test('keeps every zero of the lesson’s tail', () => {
    const losses = pointsOf(events).map(({ trainLoss }) => trainLoss ?? Number.NaN)
    expect(losses).toEqual(TAIL)
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeCloseTo(0.021, 3)
  })

  test('takes full numbers from the data, never rounded ones from the message', () => {
    expect(
      pointOf({ message: 'Step 1/100: training loss=0.14', data: { step: 1, train_loss: 0.1361 } })
        ?.trainLoss,
    ).toBe(0.1361)
    expect(pointOf({ message: 'Step 7/100: training loss=0.14', data: {} })).toMatchObject({
      step: 7,
      trainLoss: null,
    })
  })

  test('an event without a step is no point, whatever its data', () => {
    for (const data of [null, undefined, [], 'x', 3, { error_code: 'x' }])
      expect(pointOf({ message: 'The job', data })).toBeNull()
  })

  test('a repeated step is one point', () => {
    const again = [...events, { message: 'Step 100/100', data: { step: 100, full_valid_loss: 2.5 } }]
    expect(pointsOf(again)).toHaveLength(16)
    expect(pointsOf(again).at(-1)).toMatchObject({ step: 100, trainLoss: 0, fullValidLoss: 2.5 })
  })

  test('every measure of a step is read, and -1 is null', () => {
    const data = {
      step: 3,
      train_loss: 0.5,
      train_mean_token_accuracy: 0.8,
      valid_loss: -1,
      valid_mean_token_accuracy: 0.7,
      full_valid_loss: 0.6,
      full_valid_mean_token_accuracy: 0.75,
    }
    expect(pointOf({ message: '', data, at: 5_000 })).toEqual({
      step: 3,
      at: 5_000,
      trainLoss: 0.5,
      validLoss: null,
      fullValidLoss: 0.6,
      accuracy: 0.8,
      validAccuracy: 0.7,
      fullValidAccuracy: 0.75,
    })
  })

  test.each([1.5, -2, Number.POSITIVE_INFINITY, '7', null])('%j is not a step', (step) => {
    expect(pointOf({ message: 'Step', data: { step, train_loss: 1 } })).toBeNull()
  })

  test('the best is the least loss of the whole validation file if it was measured, else of its batches', () => {
    const at = (step: number, valid_loss?: number, full_valid_loss?: number) => ({
      message: '',
      data: { step, valid_loss, full_valid_loss },
    })
    expect(bestOf([])).toBeNull()
    expect(bestOf(pointsOf([at(1, 0.9), at(2, 0.4), at(3, 0.4)]))).toEqual({
      step: 2,
      value: 0.4,
      full: false,
    })
    expect(bestOf(pointsOf([at(1, 0.1), at(2, 0.9, 0.8), at(3, 0.2, 0.7)]))).toEqual({
      step: 3,
      value: 0.7,
      full: true,
    })
  })
})
