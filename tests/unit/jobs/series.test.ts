import { describe, expect, test } from 'vitest'
import { pointOf, pointsOf, sketch } from '#lib/jobs/series.ts'

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

  test('takes numbers from the data in full, never from the rounded words', () => {
    expect(
      pointOf({ message: 'Step 1/100: training loss=0.14', data: { step: 1, train_loss: 0.1361 } })
        ?.trainLoss,
    ).toBe(0.1361)
    expect(pointOf({ message: 'Step 7/100: training loss=0.14', data: {} })).toMatchObject({
      step: 7,
      trainLoss: null,
    })
  })

  test('an event without a step is no point, whatever its data is', () => {
    for (const data of [null, undefined, [], 'x', 3, { error_code: 'x' }])
      expect(pointOf({ message: 'The job', data })).toBeNull()
  })

  test('a step told twice is one point', () => {
    const again = [...events, { message: 'Step 100/100', data: { step: 100, full_valid_loss: 2.5 } }]
    expect(pointsOf(again)).toHaveLength(16)
    expect(pointsOf(again).at(-1)).toMatchObject({ step: 100, trainLoss: 0, fullValidLoss: 2.5 })
  })

  test('the sketch of the list ends where the curve ends', () => {
    const long = Array.from({ length: 1_000 }, (_, index) => ({
      message: '',
      data: { step: index + 1, train_loss: 1_000 - index },
    }))
    const short = sketch(pointsOf(long))
    expect(short).toHaveLength(64)
    expect(short.at(-1)).toBe(1)
    expect(sketch(pointsOf(events))).toEqual(TAIL)
  })
})
