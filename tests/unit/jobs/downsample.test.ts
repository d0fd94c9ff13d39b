import { describe, expect, test } from 'vitest'
import { appendPoints, seriesOf } from '#lib/jobs/downsample.ts'
import { columnsOf, minMax, smoothed } from '#lib/jobs/metric-columns.ts'
import type { Point } from '#lib/jobs/series-schema.ts'

const point = (step: number, more: Partial<Point> = {}): Point => ({
  step,
  at: null,
  trainLoss: null,
  validLoss: null,
  fullValidLoss: null,
  accuracy: null,
  validAccuracy: null,
  fullValidAccuracy: null,
  ...more,
})

const train = (losses: readonly number[], from = 1): Point[] =>
  losses.map((trainLoss, index) => point(from + index, { trainLoss }))

const whole = { width: 800, smooth: 0.6 }

/** Steps 85 to 100 of the lesson. */
const TAIL = [0.14, 0, 0, 0.07, 0, 0, 0, 0, 0, 0, 0.08, 0.05, 0, 0, 0, 0]

describe('a series', () => {
  test('of the lesson’s tail has all 16 points, its 12 zeros at zero and their mean', () => {
    const { trainLoss, zeros, sampled, count } = seriesOf(columnsOf(train(TAIL, 85)), whole)
    expect({ sampled, count, zeros }).toEqual({ sampled: false, count: 16, zeros: 12 })
    expect(trainLoss.step).toEqual(TAIL.map((_, index) => 85 + index))
    expect(trainLoss.value).toEqual(TAIL)
    expect(trainLoss.value.reduce((sum, value) => sum + value, 0) / 16).toBeCloseTo(0.02125, 6)
  })

  test('holds every point up to one per pixel, and samples beyond that', () => {
    const losses = Array.from({ length: 801 }, (_, index) => 1 / (index + 1))
    expect(seriesOf(columnsOf(train(losses.slice(0, 800))), whole).trainLoss.step).toHaveLength(800)
    const more = seriesOf(columnsOf(train(losses)), { ...whole, width: 400 })
    expect(more).toMatchObject({ sampled: true, count: 801 })
    expect(more.trainLoss.step.length).toBeLessThanOrEqual(802)
  })

  test('keeps every spike and dip of 100,000 steps, wherever they are', () => {
    const losses = Array.from({ length: 100_000 }, (_, index) => 1 + Math.sin(index / 500) / 10)
    const spikes = [1, 777, 50_000, 50_125, 99_998]
    for (const step of spikes) losses[step] = 9
    losses[31_337] = 0
    const { trainLoss, zeros } = seriesOf(columnsOf(train(losses)), whole)
    const drawn = new Map(trainLoss.step.map((step, index) => [step, trainLoss.value[index]]))
    for (const step of spikes) expect(drawn.get(step + 1)).toBe(9)
    expect(drawn.get(31_338)).toBe(0)
    expect(zeros).toBe(1)
    expect([trainLoss.step[0], trainLoss.step.at(-1)]).toEqual([1, 100_000])
    expect(trainLoss.step).toEqual(trainLoss.step.toSorted((a, b) => a - b))
    expect(new Set(trainLoss.step).size).toBe(trainLoss.step.length)
  })

  test('of a range is smoothed from the first step of the job', () => {
    const losses = Array.from({ length: 100 }, (_, index) => 100 - index)
    const all = seriesOf(columnsOf(train(losses)), whole)
    const part = seriesOf(columnsOf(train(losses)), { ...whole, from: 41, to: 60 })
    expect(part).toMatchObject({ from: 41, to: 60, count: 20 })
    expect(part.trainLoss.step).toEqual(all.trainLoss.step.slice(40, 60))
    expect(part.smooth.value).toEqual(all.smooth.value.slice(40, 60))
  })

  test('has the best validation of the whole job, on the whole file if it was measured', () => {
    const points = [
      point(1, { validLoss: 0.1, fullValidLoss: 3 }),
      point(2, { validLoss: 0.2 }),
      point(3, { fullValidLoss: 2 }),
      point(4, { fullValidLoss: 2.5 }),
    ]
    expect(seriesOf(columnsOf(points), { ...whole, from: 4, to: 4 }).best).toEqual({ step: 3, value: 2 })
    expect(seriesOf(columnsOf(points.slice(1, 2)), whole).best).toEqual({ step: 2, value: 0.2 })
  })

  test('has the 5th and 95th percentile of losses, null without losses', () => {
    const losses = [...Array.from({ length: 98 }, (_, index) => 1 + index / 100), 500, 900]
    const [low, high] = seriesOf(columnsOf(train(losses)), whole).typical ?? []
    expect(low).toBeCloseTo(1.05, 2)
    expect(high).toBeLessThan(2)
    expect(seriesOf(columnsOf([point(1)]), whole)).toMatchObject({ typical: null, best: null, zeros: 0 })
  })

  test('has a clock that begins with the job', () => {
    const points = train(Array(1_000).fill(1)).map((one, index) => ({ ...one, at: 5_000 + index * 40 }))
    const { clock, began } = seriesOf(columnsOf(points), whole)
    expect(began).toBe(5_000)
    expect(clock.step).toHaveLength(64)
    expect([clock.value[0], clock.value.at(-1)]).toEqual([0, 999 * 40])
    expect(seriesOf(columnsOf(train([1, 2])), whole)).toMatchObject({ began: null, clock: { step: [] } })
  })
})

describe('smoothing', () => {
  test('starts at the first value and is not pulled towards zero', () => {
    const means = smoothed(Float64Array.from([4, 4, 4, 4]), 0.9)
    for (const mean of means) expect(mean).toBeCloseTo(4, 12)
  })

  test('skips steps without a value', () => {
    const [first, gap, last] = smoothed(Float64Array.from([1, Number.NaN, 3]), 0.5)
    expect(first).toBe(1)
    expect(gap).toBeNaN()
    expect(last).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 3) / (1 - 0.25), 12)
  })

  test('with weight 0 is the line itself', () => {
    expect([...smoothed(Float64Array.from([3, 0, 2]), 0)]).toEqual([3, 0, 2])
  })
})

test('buckets are equal in steps, not in points', () => {
  const step = Int32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1_000])
  const values = Float64Array.from([5, 1, 9, 2, 5, 5, 5, 5, 5, 5, 7])
  const kept = minMax([...step.keys()], step, values, 4).map((index) => step[index])
  expect(kept).toEqual([1, 2, 3, 1_000])
})

describe('points added while a page is open', () => {
  const all = train(Array.from({ length: 60 }, (_, index) => Math.max(0, 2 - index / 20)))

  test('give the same series as a reload', () => {
    const grown = appendPoints(seriesOf(columnsOf(all.slice(0, 30)), whole), all.slice(28), 0.6, 800)
    expect(grown.trainLoss).toEqual(seriesOf(columnsOf(all), whole).trainLoss)
    expect(grown.smooth.value.at(-1)).toBeCloseTo(seriesOf(columnsOf(all), whole).smooth.value.at(-1) ?? 0, 4)
    expect(grown).toMatchObject({ to: 60, count: 60 })
  })

  test('extend a sampled curve, each step once', () => {
    const thin = { width: 50, smooth: 0.6 }
    const losses = train(Array.from({ length: 500 }, (_, index) => 1 / (index + 1)))
    const grown = appendPoints(seriesOf(columnsOf(losses.slice(0, 400)), thin), losses.slice(390), 0.6, 50)
    expect(grown.sampled).toBe(true)
    expect(grown.count).toBe(500)
    expect(grown.trainLoss.step.slice(-100)).toEqual(losses.slice(400).map(({ step }) => step))
    expect(new Set(grown.trainLoss.step).size).toBe(grown.trainLoss.step.length)
  })

  test('continue the average of a range like a new request', () => {
    const range = { ...whole, from: 20 }
    const grown = appendPoints(seriesOf(columnsOf(all.slice(0, 40)), range), all.slice(40), 0.6, 800)
    const anew = seriesOf(columnsOf(all), range).smooth
    expect(grown.smooth.step).toEqual(anew.step)
    for (const [index, value] of anew.value.entries()) expect(grown.smooth.value[index]).toBeCloseTo(value, 3)
  })

  test('fill a known step with later values, and find the best', () => {
    const known = seriesOf(
      columnsOf([point(1, { trainLoss: 3, validLoss: 1 }), point(2, { trainLoss: 2 })]),
      whole,
    )
    const batch = appendPoints(known, [point(2, { validLoss: 0.5 })], 0.6, 800)
    expect(batch).toMatchObject({ count: 2, to: 2, best: { step: 2, value: 0.5 } })
    expect(batch.trainLoss).toEqual({ step: [1, 2], value: [3, 2] })
    const full = appendPoints(batch, [point(2, { fullValidLoss: 4 }), point(3, { validLoss: 0.1 })], 0.6, 800)
    expect(full).toMatchObject({ count: 3, to: 3, best: { step: 2, value: 4 } })
  })

  test('are sampled when there are many, and marked as such', () => {
    const known = seriesOf(columnsOf([point(1, { trainLoss: 1 })]), whole)
    const losses = Array.from({ length: 10_000 }, (_, index) => index % 7)
    expect(appendPoints(known, train(losses, 2), 0.6, 50)).toMatchObject({ sampled: true, count: 10_001 })
  })

  test('extend an empty series', () => {
    const grown = appendPoints(
      seriesOf(columnsOf([]), whole),
      [point(7, { trainLoss: 0, at: 500 })],
      0.6,
      800,
    )
    expect(grown).toMatchObject({ from: 7, to: 7, count: 1, zeros: 1, began: 500, typical: [0, 0] })
    expect(grown.smooth).toEqual({ step: [7], value: [0] })
  })

  test('keep every spike over 100,000 steps, and few other points', () => {
    const losses = Array.from({ length: 100_000 }, (_, index) => 1 + Math.sin(index / 500) / 10)
    const spikes = [5, 40_000, 99_000]
    for (const index of spikes) losses[index] = 9
    const points = train(losses)
    let series = seriesOf(columnsOf(points.slice(0, 10)), whole)
    for (let from = 10; from < points.length; from += 500)
      series = appendPoints(series, points.slice(from, from + 500), 0.6, 800)
    expect(series).toMatchObject({ count: 100_000, to: 100_000, sampled: true })
    expect(series.trainLoss.step.length).toBeLessThanOrEqual(800 * 8)
    const drawn = new Map(series.trainLoss.step.map((step, index) => [step, series.trainLoss.value[index]]))
    for (const index of spikes) expect(drawn.get(index + 1)).toBe(9)
    expect([series.trainLoss.step[0], series.trainLoss.step.at(-1)]).toEqual([1, 100_000])
  })
})
