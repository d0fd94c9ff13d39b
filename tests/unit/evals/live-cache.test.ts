import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, test } from 'vitest'
import { applyEvals } from '#components/evals/live-cache.ts'
import { evalQuery, evalsQuery, scoresQuery } from '#lib/evals/queries.ts'
import type { EvalPage, EvalProgress, EvalState, EvalSummary, Scores } from '#lib/evals/schema.ts'

let queries: QueryClient
beforeEach(() => {
  queries = new QueryClient()
})

const LONG_AGO = 1
const page = (state: EvalState, tookMs = 1) =>
  ({ id: 'eval_1', state, cells: 10, done: 2, tookMs }) as unknown as EvalPage
const progress = (more: Partial<EvalProgress> = {}): EvalProgress => ({
  id: 'eval_1',
  jobId: 'job_1',
  state: 'running',
  open: 5,
  ungraded: 1,
  ...more,
})
const KEY = evalQuery('eval_1', { limit: 0 }).queryKey
const show = (key: readonly unknown[], data: unknown, updatedAt = LONG_AGO) =>
  queries.setQueryData(key, data, { updatedAt })
const isAskedAgain = (key: readonly unknown[]) => queries.getQueryState(key)?.isInvalidated

describe('a page of a running evaluation', () => {
  test('moves its bar at once, and reloads when it has changed and is due', () => {
    show(KEY, page('running'))
    applyEvals(queries, [progress()])
    expect(queries.getQueryData<EvalPage>(KEY)?.done).toBe(5)
    expect(isAskedAgain(KEY)).toBe(true)
  })

  test('does not reload before it is due: the slower the answer, the later', () => {
    show(KEY, page('running', 100), Date.now() - 20_000)
    applyEvals(queries, [progress()])
    expect(queries.getQueryData<EvalPage>(KEY)?.done).toBe(5)
    expect(isAskedAgain(KEY)).toBe(false)
    show(KEY, page('running', 100), Date.now() - 31_000)
    applyEvals(queries, [progress()])
    expect(isAskedAgain(KEY)).toBe(true)
  })

  test.each<[string, EvalState, EvalProgress[]]>([
    ['ended', 'running', []],
    ['paused', 'running', [progress({ state: 'paused' })]],
    ['been resumed elsewhere', 'stopped', [progress()]],
  ])('is asked again at once when it has %s', (_what, state, all) => {
    show(KEY, page(state, 1_000), Date.now())
    applyEvals(queries, all)
    expect(isAskedAgain(KEY)).toBe(true)
  })

  test('does not reload when nothing has changed', () => {
    show(KEY, page('done'))
    applyEvals(queries, [progress({ id: 'eval_2' })])
    expect(isAskedAgain(KEY)).toBe(false)
  })
})

test('a list reloads for a new evaluation and for one that has ended', () => {
  const key = evalsQuery().queryKey
  const one = (state: EvalState) => ({ id: 'eval_1', state, cells: 10, done: 2 }) as unknown as EvalSummary
  show(key, [one('running')])
  applyEvals(queries, [])
  expect(isAskedAgain(key)).toBe(true)
  show(key, [one('done')])
  applyEvals(queries, [])
  expect(isAskedAgain(key)).toBe(false)
  applyEvals(queries, [progress({ id: 'eval_2' })])
  expect(isAskedAgain(key)).toBe(true)
})

test('scores of a job reload when their evaluation begins and when it ends', () => {
  const key = scoresQuery('job_1').queryKey
  const scores = (evalId: string | null, state: EvalState | null) =>
    ({ jobId: 'job_1', evalId, state, tookMs: 1 }) as unknown as Scores
  show(key, scores(null, null))
  applyEvals(queries, [])
  expect(isAskedAgain(key)).toBe(false)
  applyEvals(queries, [progress()])
  expect(isAskedAgain(key)).toBe(true)
  show(key, scores('eval_1', 'running'))
  applyEvals(queries, [])
  expect(isAskedAgain(key)).toBe(true)
})
