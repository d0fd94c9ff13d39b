import { describe, expect, test } from 'vitest'
import {
  drawn,
  epochBands,
  epochTicks,
  leastOf,
  linearScale,
  logScale,
  nearest,
  type Point,
  type Sample,
  samplesOf,
  smoothed,
  spread,
  stepTicks,
  thinned,
  zerosIn,
} from '#components/charts/scale.ts'

/** Training loss as the lesson's job reported it, steps 85 to 100. */
const tail = [0.14, 0, 0, 0.07, 0, 0, 0, 0, 0, 0, 0.08, 0.05, 0, 0, 0, 0]

const point = (step: number, trainLoss: number | null): Point => ({
  step,
  trainLoss,
  validLoss: null,
  fullValidLoss: null,
  accuracy: null,
})
const points = tail.map((loss, index) => point(85 + index, loss))
const mean = (samples: readonly Sample[]) =>
  samples.reduce((sum, { value }) => sum + value, 0) / samples.length

describe("the lesson's tail", () => {
  const samples = thinned(samplesOf(points, 'trainLoss'))

  test('keeps all sixteen points, the zeros among them', () => {
    expect(samples.map(({ step }) => step)).toEqual(points.map(({ step }) => step))
    expect(zerosIn(samples)).toHaveLength(12)
    expect(mean(samples)).toBeCloseTo(0.021, 3)
  })

  test('draws the twelve zeros in one row of their own, under every positive value', () => {
    const scale = logScale(tail, 300)
    const zeroRows = new Set(zerosIn(samples).map(({ value }) => scale.y(value)))
    expect([...zeroRows]).toEqual([scale.ticks[0]?.at])
    const positives = samples.filter(({ value }) => value > 0).map(({ value }) => scale.y(value))
    expect(positives).toHaveLength(4)
    expect(Math.min(...positives)).toBeGreaterThanOrEqual(scale.floor)
    expect(scale.y(0)).toBeLessThan(scale.floor)
  })

  test('names the decades and the zero', () => {
    expect(logScale([...tail, 6.8], 300).ticks.map(({ label }) => label)).toEqual([
      '0',
      '0.01',
      '0.1',
      '1',
      '10',
    ])
  })
})

describe('log scale', () => {
  test.each([[[1e-9, 3]], [[0.01, 0.01]], [[5]], [[0, 0]], [[]]])(
    'zero stays under whatever is positive: %j',
    (values) => {
      const { y, floor, domain } = logScale(values, 300)
      for (const value of [...values, 1e-300, Number.MIN_VALUE].filter((value) => value > 0))
        expect(y(value)).toBeGreaterThanOrEqual(floor)
      expect(y(0)).toBeLessThan(floor)
      expect(y(0)).toBeGreaterThan(domain[0])
    },
  )

  test('larger is higher', () => {
    const { y } = logScale([0.002, 7], 300)
    const heights = [0, 0.002, 0.01, 0.5, 1, 7].map(y)
    expect(heights).toEqual(heights.toSorted((a, b) => a - b))
  })

  test('the gutter keeps its height whatever the decades', () => {
    for (const values of [
      [0.5, 2],
      [1e-6, 100],
    ]) {
      const { domain, floor } = logScale(values, 300, 34)
      expect(((floor - domain[0]) / (domain[1] - domain[0])) * 300).toBeCloseTo(34, 6)
    }
  })
})

test('a linear axis starts at zero and holds the greatest value', () => {
  for (const values of [[2.2, 6.8], [0.004], [0], []]) {
    const { domain } = linearScale(values)
    expect(domain[0]).toBe(0)
    expect(domain[1]).toBeGreaterThan(0)
    expect(domain[1]).toBeGreaterThanOrEqual(Math.max(0, ...values))
  }
})

describe('thinning', () => {
  /** A decay with noise, one spike and one zero, each a single step wide. */
  const long = Array.from({ length: 50_000 }, (_, step): Sample => {
    const value = 5 * Math.exp(-step / 9000) + 0.1 * Math.sin(step * 12.9898)
    return { step, value: step === 31_234 ? 80 : step === 40_001 ? 0 : Math.abs(value) + 0.01 }
  })

  test('stays within the limit and keeps both ends', () => {
    const kept = thinned(long, 1000)
    expect(kept.length).toBeLessThanOrEqual(1000)
    expect(kept[0]).toBe(long[0])
    expect(kept.at(-1)).toBe(long.at(-1))
    expect(kept.map(({ step }) => step)).toEqual(kept.map(({ step }) => step).toSorted((a, b) => a - b))
  })

  test('keeps the least and the greatest of every bucket', () => {
    const kept = new Set(thinned(long, 1000))
    const inner = long.slice(1, -1)
    for (let bucket = 0; bucket < 499; bucket++) {
      const part = inner.slice(
        Math.floor((bucket * inner.length) / 499),
        Math.floor(((bucket + 1) * inner.length) / 499),
      )
      const values = part.map(({ value }) => value)
      const survivors = part.filter((sample) => kept.has(sample)).map(({ value }) => value)
      expect(Math.min(...survivors)).toBe(Math.min(...values))
      expect(Math.max(...survivors)).toBe(Math.max(...values))
    }
  })

  test('the table of a long training shows the points that are drawn', () => {
    const many = long.map(({ step, value }) => ({
      ...point(step, value),
      fullValidLoss: step % 1000 ? null : value,
    }))
    const rows = drawn(many)
    expect(rows.length).toBeLessThanOrEqual(1050)
    expect(rows.filter(({ fullValidLoss }) => fullValidLoss !== null)).toHaveLength(50)
    expect(drawn(points)).toBe(points)
  })

  test('a spike and a zero of one step survive', () => {
    const kept = thinned(long, 1000)
    expect(kept.find(({ step }) => step === 31_234)?.value).toBe(80)
    expect(zerosIn(kept)).toEqual([{ step: 40_001, value: 0 }])
  })
})

test('smoothing is not pulled towards its start and keeps a constant', () => {
  const constant = [3, 3, 3, 3].map((value, step) => ({ step, value }))
  for (const { value } of smoothed(constant)) expect(value).toBeCloseTo(3, 12)
  expect(smoothed([{ step: 1, value: 6.8 }])[0]?.value).toBeCloseTo(6.8, 12)
  expect(
    smoothed([
      { step: 1, value: 1 },
      { step: 2, value: 0 },
    ])[1]?.value,
  ).toBeCloseTo(0.24 / 0.64, 12)
})

test('missing values are left out, zeros are not', () => {
  expect(samplesOf([point(1, null), point(2, 0), point(3, 1)], 'trainLoss')).toEqual([
    { step: 2, value: 0 },
    { step: 3, value: 1 },
  ])
})

test('steps are ticked from 1 to the last without crowding', () => {
  expect(stepTicks(100).map(({ at }) => at)).toEqual([1, 20, 40, 60, 80, 100])
  expect(stepTicks(1).map(({ at }) => at)).toEqual([1])
  expect(stepTicks(12_345).at(-1)).toEqual({ at: 12_345, label: '12,345' })
})

test('epochs band every second, and tick by number when they are many', () => {
  expect(epochBands(100, 10)).toEqual([
    [1, 10],
    [20, 30],
    [40, 50],
    [60, 70],
    [80, 90],
  ])
  expect(epochTicks(300, 10).map(({ label }) => label)).toEqual(['5', '10', '15', '20', '25', '30'])
})

test('the best validation is the first of the least', () => {
  expect(
    leastOf([
      { step: 1, value: 3 },
      { step: 2, value: 2 },
      { step: 3, value: 2 },
    ])?.step,
  ).toBe(2)
  expect(leastOf([])).toBeNull()
})

test('the nearest step is found between and beyond the points', () => {
  const steps = [1, 10, 20].map((step) => ({ step }))
  expect([-5, 1, 5, 6, 14, 16, 99].map((step) => nearest(steps, step))).toEqual([0, 0, 0, 1, 1, 2, 2])
})

test('labels are pushed apart and stay inside', () => {
  const ys = spread([{ y: 100 }, { y: 98 }, { y: 10 }], 14, 100).map(({ y }) => y)
  expect(ys).toEqual([10, 86, 100])
})
