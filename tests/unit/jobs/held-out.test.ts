import { describe, expect, test } from 'vitest'
import { heldOutOf } from '#components/jobs/page/held-out.ts'
import { scored } from '#components/jobs/page/use-diagnosis.ts'
import type { Score, Scores } from '#lib/evals/schema.ts'
import type { Diagnosis } from '#lib/jobs/series-schema.ts'

const score = (passed: number, n = 30): Score => ({
  passed,
  n,
  notGraded: 0,
  share: passed / n,
  interval: { low: 0, high: 1 },
  mean: null,
  meanInterval: null,
})

const scores = (passed: number, base: number | null): Pick<Scores, 'state' | 'steps' | 'base'> => ({
  state: 'done',
  steps: [
    { step: 90, model: 'a', column: 1, final: false, score: score(30) },
    { step: 100, model: 'b', column: 2, final: true, score: score(passed) },
  ],
  base: base === null ? null : score(base),
})

const curve = { first: 6.67, last: 0.02, steps: 100, tail: { zeros: 12, of: 16 }, zeros: 4, rows: 10 }
const validation = { best: 0.12, last: 0.14, step: 40, epoch: 4, risen: true }
const diagnosis = (kind: 'memorised' | 'risen' | 'learnt', risen = true): Diagnosis => ({
  kind,
  ...curve,
  validation: { ...validation, risen },
  heldOutPairs: null,
})
const told = [{ key: 'learnt', values: {} }] as const

describe('the held-out score', () => {
  test.each([
    [30, 0, 'holds'],
    [29, 3, 'holds'],
    [10, 0, 'better'],
    [2, 0, 'fails'],
    [20, 14, 'fails'],
    [16, null, 'holds'],
    [14, null, 'fails'],
  ])('%i of 30, the base %s: %s', (passed, base, standing) => {
    expect(heldOutOf(scores(passed, base))).toMatchObject({ passed, n: 30, standing })
  })

  test('is that of the finished model, and waits for the last answer', () => {
    expect(heldOutOf(scores(12, 0))?.passed).toBe(12)
    expect(heldOutOf({ ...scores(12, 0), state: 'running' })).toBeNull()
    expect(heldOutOf({ state: null, steps: [], base: null })).toBeNull()
  })

  test('of the lesson makes its verdict good, whatever its losses', () => {
    const lesson = heldOutOf(scores(30, 0))
    if (!lesson) throw new Error('no score')
    for (const kind of ['memorised', 'risen'] as const)
      expect(scored(lesson, diagnosis(kind), told)).toEqual([
        { key: 'holds', values: { passed: 30, n: 30, known: 'yes', base: 0, of: 30 } },
        { key: 'wordingOnly', values: { risen: 'yes' } },
      ])
    expect(scored(lesson, diagnosis('memorised', false), told)[1]).toMatchObject({ values: { risen: 'no' } })
  })

  test('that is bad comes first too, before the losses', () => {
    const bad = heldOutOf(scores(1, 0))
    expect(bad && scored(bad, diagnosis('learnt'), told).map(({ key }) => key)).toEqual(['fails', 'learnt'])
  })
})
