import { expect, test } from 'vitest'
import type { Grade } from '#lib/evals/graders/schema.ts'
import type { PinnedColumn } from '#lib/evals/plan.ts'
import { columnScore } from '#lib/evals/scoring.ts'
import type { CellFigures } from '#lib/evals/store.ts'

const column: PinnedColumn = {
  providerId: 'embedded',
  model: 'limerick-base',
  label: 'base',
  fewShot: 0,
  kind: 'base',
  jobId: null,
  step: null,
  examples: [],
}

const grade = (passed: boolean): Grade => ({ score: Number(passed), passed, detail: {} })

const cell = (place: number, ...passes: boolean[]): CellFigures => ({
  place,
  column_index: 0,
  state: 'answered',
  grades_json: JSON.stringify(passes.map(grade)),
  answer_id: `answer_${place}`,
  from_cache: 0,
  prompt_tokens: null,
  cached_tokens: null,
  completion_tokens: null,
  first_token_ms: null,
  total_ms: null,
  cost: 0,
})

test('with several graders an answer counts when it passes all of them', () => {
  const cells = [cell(0, true, true), cell(1, true, false), cell(2, false, true)]
  const { scores, overall } = columnScore(column, 0, [{ kind: 'limerick' }, { kind: 'elementFact' }], cells)
  expect(scores.map(({ passed, n }) => [passed, n])).toEqual([
    [2, 3],
    [2, 3],
  ])
  expect(overall).toMatchObject({ passed: 1, n: 3, mean: null })
})

test('the score of a single grader is the evaluation’s own, its mean included', () => {
  const { scores, overall } = columnScore(column, 0, [{ kind: 'similarity', pass: 0.5 }], [cell(0, true)])
  expect(overall).toEqual(scores[0])
  expect(overall.mean).toBe(1)
})
