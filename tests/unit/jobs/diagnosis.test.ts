import { describe, expect, test } from 'vitest'
import { betterEpochs, diagnose, type Facts, stepsPerEpoch } from '#components/jobs/diagnosis.ts'
import type { Point } from '#lib/jobs/schema.ts'

const auto = { batchSize: 1, learningRateMultiplier: 1, auto: [] }

const point = (step: number, trainLoss: number | null, fullValidLoss: number | null = null): Point => ({
  step,
  trainLoss,
  validLoss: null,
  fullValidLoss,
  accuracy: null,
})

const facts = (points: Point[], more: Partial<Facts> = {}): Facts => ({
  status: 'succeeded',
  launch: 'known',
  totalSteps: 100,
  hyperparameters: { nEpochs: 10, ...auto },
  points,
  ...more,
})

/** 100 steps in 10 epochs; the last 16 as the lesson's run ended: 12 of them exactly zero. */
const lesson = (() => {
  const tail = [0, 0.08, 0, 0, 0.05, 0, 0, 0, 0.14, 0, 0, 0, 0.07, 0, 0, 0]
  const valid = [4.9, 3.4, 2.7, 2.34, 2.22, 2.27, 2.4, 2.6, 2.72, 2.79]
  return Array.from({ length: 100 }, (_, index) => {
    const step = index + 1
    const loss = step > 84 ? (tail[step - 85] ?? 0) : 6.67 * 0.95 ** step
    return point(step, loss, step % 10 === 0 ? (valid[step / 10 - 1] ?? null) : null)
  })
})()

describe('what the numbers say', () => {
  test('a tail of zeros is memorised, with the best epoch and the rise since', () => {
    const found = diagnose(facts(lesson))
    expect(found).toMatchObject({ kind: 'memorised', zeros: 12, of: 16 })
    expect(found).toMatchObject({ validation: { best: 2.22, last: 2.79, step: 50, epoch: 5, risen: true } })
    expect(betterEpochs(found)).toBe(5)
  })

  test('half of the last sixteen is enough, one less is not', () => {
    const curve = (zeros: number) =>
      facts(Array.from({ length: 40 }, (_, index) => point(index + 1, index >= 40 - zeros ? 0.004 : 1)))
    expect(diagnose(curve(8)).kind).toBe('memorised')
    expect(diagnose(curve(7)).kind).toBe('learnt')
  })

  test('a short run is never called memorised', () => {
    expect(diagnose(facts([point(1, 0), point(2, 0)])).kind).toBe('learnt')
  })

  test('validation that rises while training falls is said before the fall', () => {
    const points = [point(10, 3, 2), point(20, 2, 1.5), point(30, 1, 1.9)]
    expect(diagnose(facts(points))).toMatchObject({ kind: 'risen', validation: { epoch: 2, best: 1.5 } })
  })

  test('validation that never got better is told, but one epoch is not advised', () => {
    const found = diagnose(facts([point(10, 3, 1.5), point(20, 2, 1.6), point(30, 1, 1.9)]))
    expect(found).toMatchObject({ kind: 'risen', validation: { epoch: 1 } })
    expect(betterEpochs(found)).toBeNull()
  })

  test('a rise that two decimals do not show is none', () => {
    const points = [point(10, 3, 1.5), point(20, 2, 1.504)]
    expect(diagnose(facts(points))).toMatchObject({ kind: 'learnt', validation: { risen: false } })
    expect(betterEpochs(diagnose(facts(points)))).toBeNull()
  })

  test('a running curve tells where it came from and where it is', () => {
    const points = [point(1, 6.67), point(2, null), point(47, 0.37)]
    expect(diagnose(facts(points, { status: 'running' }))).toEqual({
      kind: 'learning',
      first: 6.67,
      last: 0.37,
      steps: 47,
      validation: null,
    })
  })

  test.each([
    ['queued', 'known', 'waiting'],
    ['some-new-word', 'known', 'waiting'],
    ['succeeded', 'known', 'noMetrics'],
    ['failed', 'known', 'failed'],
    ['cancelled', 'known', 'cancelled'],
    ['unknown', 'unknown', 'unknown'],
  ] as const)('without a point, %s is %s', (status, launch, kind) => {
    expect(diagnose(facts([], { status, launch }))).toEqual({ kind })
  })

  test('a failure stays one however well its curve looks', () => {
    expect(diagnose(facts(lesson, { status: 'failed' }))).toEqual({ kind: 'failed' })
  })
})

test('steps of an epoch are told only when they come out even', () => {
  expect(stepsPerEpoch(facts([]))).toBe(10)
  expect(stepsPerEpoch(facts([], { totalSteps: 101 }))).toBeNull()
  expect(stepsPerEpoch(facts([], { hyperparameters: { nEpochs: null, ...auto } }))).toBeNull()
})
