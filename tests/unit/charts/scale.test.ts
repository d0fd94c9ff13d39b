import { describe, expect, test } from 'vitest'
import { frameOf } from '#components/charts/geometry.ts'
import { lineAs, zerosOf } from '#components/charts/paths.ts'
import {
  epochBands,
  epochTicks,
  linearScale,
  logScale,
  roundTicks,
  spread,
  stepTicks,
} from '#components/charts/scale.ts'
import {
  between,
  type ChartRun,
  type ChartSeries,
  canPlace,
  placeOf,
  stepAt,
  stepNear,
} from '#components/charts/series.ts'
import { tipTop } from '#components/charts/tip-place.ts'
import { latestValue, viewOf } from '#components/charts/view.ts'

/** Training loss as the lesson's job reported it, steps 85 to 100. */
const tail = [0.14, 0, 0, 0.07, 0, 0, 0, 0, 0, 0, 0.08, 0.05, 0, 0, 0, 0]

const none = { step: [], value: [] }

const seriesOf = (more: Partial<ChartSeries>): ChartSeries => ({
  from: 1,
  to: 100,
  count: 0,
  sampled: false,
  trainLoss: none,
  smooth: none,
  validLoss: none,
  fullValidLoss: none,
  accuracy: none,
  validAccuracy: none,
  zeros: 0,
  typical: null,
  best: null,
  clock: none,
  ...more,
})

const runOf = (series: Partial<ChartSeries>, more: Partial<ChartRun> = {}): ChartRun => ({
  id: 'run',
  name: 'elle',
  symbol: 'H',
  colour: 1,
  series: seriesOf(series),
  totalSteps: 100,
  stepsPerEpoch: 10,
  checkpoints: [],
  ...more,
})

const steps = tail.map((_, index) => 85 + index)
const lesson = runOf({ from: 85, trainLoss: { step: steps, value: tail }, zeros: 12 })
const frame = frameOf(800)
const look = { by: 'step', calm: false, range: null } as const

describe("the lesson's tail", () => {
  test.each(['log', 'linear'] as const)('is drawn with all sixteen points, on a %s scale', (kind) => {
    const view = viewOf([lesson], { ...look, kind })
    const [curve] = view.curves
    if (!curve) throw new Error('one curve was asked for')
    const path = lineAs(view, frame, curve, lesson.series.trainLoss)
    expect(path.match(/[ML]/g)).toHaveLength(16)
    expect(tail.reduce((sum, value) => sum + value, 0) / 16).toBeCloseTo(0.021, 3)
  })

  test('has its twelve zeros in one row of their own, under every positive value', () => {
    const view = viewOf([lesson], { ...look, kind: 'log' })
    const [curve] = view.curves
    if (!curve) throw new Error('one curve was asked for')
    const zeros = zerosOf(view, frame, curve)
    expect(zeros).toHaveLength(12)
    expect(new Set(zeros.map(([, y]) => y)).size).toBe(1)
    const { y } = view
    expect(y.y(0)).toBe(y.ticks[0]?.at)
    const positives = tail.filter((value) => value > 0).map(y.y)
    expect(Math.min(...positives)).toBeGreaterThanOrEqual(y.floor)
    expect(y.y(0)).toBeLessThan(y.floor)
  })

  test('has its zeros on the baseline of a linear axis', () => {
    const view = viewOf([lesson], { ...look, kind: 'linear' })
    const [curve] = view.curves
    if (!curve) throw new Error('one curve was asked for')
    expect(zerosOf(view, frame, curve).map(([, y]) => y)).toEqual(Array(12).fill(frame.bottom))
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

describe('a scale without outliers', () => {
  const spiky = runOf({
    trainLoss: { step: [1, 2, 3, 4], value: [2, 900, 1, 1.5] },
    typical: [1, 2],
  })

  test('rests on where nearly all values lie, and counts what is above it', () => {
    const calm = viewOf([spiky], { ...look, kind: 'linear', calm: true })
    expect(calm.y.domain[1]).toBeLessThan(5)
    expect(calm.beyond).toBe(1)
    const whole = viewOf([spiky], { ...look, kind: 'linear' })
    expect(whole.y.domain[1]).toBeGreaterThanOrEqual(900)
    expect(whole.beyond).toBe(0)
  })

  test('still draws every point, at its edge', () => {
    const view = viewOf([spiky], { ...look, kind: 'linear', calm: true })
    const [curve] = view.curves
    if (!curve) throw new Error('one curve was asked for')
    const heights = lineAs(view, frame, curve, spiky.series.trainLoss)
      .split(/[ML]/)
      .filter(Boolean)
      .map((point) => Number(point.split(' ')[1]))
    expect(heights).toHaveLength(4)
    expect(heights[1]).toBeCloseTo(frame.top, 1)
  })
})

describe('the way to the right', () => {
  const timed = runOf({ clock: { step: [1, 51, 101], value: [0, 1_000, 4_000] }, to: 101 })

  test('is the step, the epoch, or the seconds gone by', () => {
    expect(placeOf(timed, 'step')(40)).toBe(40)
    expect(placeOf(timed, 'epoch')(40)).toBe(4)
    expect(placeOf(timed, 'time')(26)).toBeCloseTo(0.5, 9)
    expect(placeOf(timed, 'time')(999)).toBe(4)
  })

  test('leads back to the step, and leaves out what cannot be placed', () => {
    for (const by of ['step', 'epoch', 'time'] as const)
      expect(stepAt(timed, by, placeOf(timed, by)(51))).toBe(51)
    expect(canPlace(runOf({}, { stepsPerEpoch: null }), 'epoch')).toBe(false)
    expect(canPlace(runOf({}), 'time')).toBe(false)
    expect(canPlace(runOf({}, { stepsPerEpoch: null }), 'step')).toBe(true)
  })

  test('ends where the longest run will', () => {
    const view = viewOf([timed, runOf({ to: 30 }, { totalSteps: 400 })], { ...look, kind: 'log' })
    expect(view.x).toEqual([1, 400])
    expect(viewOf([timed], { ...look, kind: 'log', range: [20, 60] }).x).toEqual([20, 60])
  })

  test('finds the nearest step between and beyond the points', () => {
    const place = (step: number) => step
    expect([-5, 1, 5, 6, 14, 16, 99].map((at) => stepNear([1, 10, 20], place, at))).toEqual([
      0, 0, 0, 1, 1, 2, 2,
    ])
  })
})

test('a checkpoint stands on the line, also where its own step was not told', () => {
  const line = { step: [10, 20], value: [4, 2] }
  expect(between(line, 15)).toBe(3)
  expect([between(line, 9), between(line, 21)]).toEqual([null, null])
  const view = viewOf([runOf({ trainLoss: line })], { ...look, kind: 'log' })
  const [curve] = view.curves
  expect(curve && latestValue(curve, 15)).toBe(3)
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

test('steps are ticked from 1 to the last without crowding', () => {
  expect(stepTicks(1, 100).map(({ at }) => at)).toEqual([1, 20, 40, 60, 80, 100])
  expect(stepTicks(1, 1).map(({ at }) => at)).toEqual([1])
  expect(stepTicks(1, 12_345).at(-1)).toEqual({ at: 12_345, label: '12,345' })
  expect(stepTicks(41, 60).map(({ at }) => at)).toEqual([41, 45, 50, 55, 60])
  expect(roundTicks(0, 7, (at) => `${at} s`).map(({ label }) => label)).toEqual(['0 s', '2 s', '4 s', '6 s'])
})

test('epochs band every second, and tick by number when they are many', () => {
  expect(epochBands(1, 100, 10)).toEqual([
    [1, 10],
    [20, 30],
    [40, 50],
    [60, 70],
    [80, 90],
  ])
  expect(epochTicks(1, 300, 10).map(({ label }) => label)).toEqual(['5', '10', '15', '20', '25', '30'])
})

test('labels are pushed apart and stay inside', () => {
  const ys = spread([{ y: 100 }, { y: 98 }, { y: 10 }], 14, 100).map(({ y }) => y)
  expect(ys).toEqual([10, 86, 100])
})

describe('the values at the crosshair', () => {
  const frame = frameOf(800)
  const box = { width: 150, height: 100 }
  const falling = (by: 'step' | 'epoch') =>
    viewOf([runOf({ to: 100, trainLoss: { step: [1, 40, 100], value: [8, 0.5, 0.1] } })], {
      ...{ by, kind: 'linear', calm: false, range: null },
    })

  test('stand under a curve that is high and over one that is low', () => {
    const upper = frame.top + 8
    for (const by of ['step', 'epoch'] as const) {
      expect(tipTop(falling(by), frame, { ...box, start: frame.left })).toBe(frame.bottom - 108)
      expect(tipTop(falling(by), frame, { ...box, start: frame.right - 160 })).toBe(upper)
    }
  })

  test('stand at the top where nothing is drawn, and where the plot has no room for them below', () => {
    const empty = viewOf([runOf({})], { by: 'step', kind: 'linear', calm: false, range: null })
    expect(tipTop(empty, frame, { ...box, start: 300 })).toBe(frame.top + 8)
    expect(tipTop(falling('step'), frame, { ...box, height: 400, start: 60 })).toBe(frame.top + 8)
  })
})
