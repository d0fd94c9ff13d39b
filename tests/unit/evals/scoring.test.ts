import { describe, expect, test } from 'vitest'
import { type Grade, Grader, notGraded } from '#lib/evals/graders/schema.ts'
import { inOrder, judgedRows } from '#lib/evals/order.ts'
import { allPassed, columnScore } from '#lib/evals/scoring.ts'
import type { CellFigures } from '#lib/evals/store.ts'

const given = (score: number): Grade => ({ score, passed: score >= 0.5, detail: {} })
const none = notGraded('late')

const cell = (place: number, column: number, grades: Grade[] | null): CellFigures => ({
  place,
  column_index: column,
  state: 'answered',
  answer_id: `answer_${place}_${column}`,
  from_cache: 0,
  grades_json: grades && JSON.stringify(grades),
  prompt_tokens: 1,
  cached_tokens: 0,
  completion_tokens: 1,
  first_token_ms: 1,
  total_ms: 2,
  cost: 0,
})

const column = {
  providerId: 'embedded' as const,
  model: 'm',
  label: 'm',
  fewShot: 0,
  kind: 'base' as const,
  jobId: null,
  step: null,
  examples: [],
}

describe('a column', () => {
  test('with several graders counts an answer that passes all of them', () => {
    const [yes, no] = [given(1), given(0)]
    const cells = [
      [yes, yes],
      [yes, no],
      [no, yes],
      [yes, none],
    ].map((grades, place) => cell(place, 0, grades))
    const { scores, overall } = columnScore(column, 0, [{ kind: 'limerick' }, { kind: 'elementFact' }], cells)
    expect(scores.map(({ passed, n }) => [passed, n])).toEqual([
      [3, 4],
      [2, 3],
    ])
    expect(overall).toMatchObject({ passed: 1, n: 3, notGraded: 1, mean: null })
  })

  test('with one grader has its score, the mean included', () => {
    const cells = [cell(0, 0, [given(1)])]
    const { scores, overall } = columnScore(column, 0, [{ kind: 'similarity', pass: 0.5 }], cells)
    expect(overall).toEqual(scores[0])
    expect(overall.mean).toBe(1)
  })
})

describe('an answer that a grader could not grade', () => {
  test('counts neither as passed nor as failed, in n nor in the mean', () => {
    const cells = [given(1), given(0), none].map((grade, place) => cell(place, 0, [grade]))
    const waiting = cell(3, 0, null)
    const { scores, answered } = columnScore(
      column,
      0,
      [Grader.parse({ kind: 'similarity' })],
      [...cells, waiting],
    )
    expect(answered).toBe(4)
    expect(scores).toMatchObject([{ n: 2, passed: 1, notGraded: 1, share: 0.5, mean: 0.5 }])
  })

  test.each<[string, Grade[], boolean | null]>([
    ['all let it through', [given(1), given(1)], true],
    ['one does not', [given(1), given(0)], false],
    ['one could not say', [given(1), none], null],
    ['one refuses it and one could not say', [none, given(0)], false],
  ])('%s', (_what, grades, passed) => expect(allPassed(grades)).toBe(passed))

  test('is compared by the graders that graded both, and is neither failing nor different', () => {
    const rows = judgedRows([
      ...[cell(0, 0, [none, given(0)]), cell(0, 1, [given(1), given(1)])],
      ...[cell(1, 0, [none]), cell(1, 1, [none])],
      ...[cell(2, 0, [given(1)]), cell(2, 1, [none])],
    ])
    expect(rows.map(({ change, verdict }) => [change, verdict])).toEqual([
      [1, 'better'],
      [null, null],
      [null, null],
    ])
    expect(inOrder(rows, 'position', 'failing')).toEqual([])
    expect(inOrder(rows, 'position', 'different').map(({ place }) => place)).toEqual([0])
  })
})
