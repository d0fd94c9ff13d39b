import { describe, expect, test } from 'vitest'
import { type Grade, Grader, notGraded } from '#lib/evals/graders/schema.ts'
import { allPassed, columnScore } from '#lib/evals/scoring.ts'
import { changeOf, verdictOf } from '#lib/evals/sort-rows.ts'

const given = (score: number): Grade => ({ score, passed: score >= 0.5, detail: {} })
const none = notGraded('late')

const column = {
  providerId: 'embedded' as const,
  model: 'm',
  label: 'm',
  fewShot: 0,
  sampling: null,
  kind: 'base' as const,
  jobId: null,
  step: null,
  examples: [],
}
const counts = { column: 0, answered: 4, interrupted: 0, failed: 0, lost: 0, skipped: 0, open: 0 }
const sums = { column: 0, grader: 0, passed: 1, judged: 2, all: 3, n: 2, sum: 1, squares: 1 }

describe('a column', () => {
  test('with several graders counts an answer that passes all of them', () => {
    const graders = [
      { ...sums, passed: 3, judged: 4, all: 4 },
      { ...sums, grader: 1, passed: 2, judged: 3, all: 4 },
    ]
    const counted = { counts: { ...counts, passed: 1, judged: 3 }, figures: undefined, graders }
    const { scores, overall } = columnScore(
      column,
      0,
      [{ kind: 'limerick' }, { kind: 'elementFact' }],
      counted,
    )
    expect(scores.map(({ passed, n }) => [passed, n])).toEqual([
      [3, 4],
      [2, 3],
    ])
    expect(overall).toMatchObject({ passed: 1, n: 3, notGraded: 1, mean: null })
  })

  test("with one grader has that grader's score and mean", () => {
    const counted = { counts: { ...counts, passed: 1, judged: 2 }, figures: undefined, graders: [sums] }
    const { scores, overall } = columnScore(column, 0, [{ kind: 'similarity', pass: 0.5 }], counted)
    expect(scores[0]).toEqual({ ...overall, grader: expect.objectContaining({ kind: 'similarity' }) })
    expect(overall).toMatchObject({ mean: 0.5, n: 2, passed: 1, notGraded: 1 })
  })

  test('without an answer has no share', () => {
    const nothing = { counts: undefined, figures: undefined, graders: [] }
    const { overall, answered, cost } = columnScore(column, 0, [Grader.parse({ kind: 'exact' })], nothing)
    expect({ share: overall.share, n: overall.n, answered, cost }).toEqual({
      share: null,
      n: 0,
      answered: 0,
      cost: 0,
    })
  })
})

describe('an answer that a grader could not grade', () => {
  test.each<[string, Grade[], boolean | null]>([
    ['all let it through', [given(1), given(1)], true],
    ['one does not', [given(1), given(0)], false],
    ['one could not say', [given(1), none], null],
    ['one refuses it and one could not say', [none, given(0)], false],
  ])('%s', (_what, grades, passed) => expect(allPassed(grades)).toBe(passed))

  test('rows are compared by the graders that graded both answers', () => {
    expect(changeOf([none, given(0)], [given(1), given(1)])).toBe(1)
    expect(changeOf([none], [none])).toBeNull()
    expect(changeOf([given(1)], [none])).toBeNull()
    expect([-1, 0, 1, null].map(verdictOf)).toEqual(['worse', 'same', 'better', null])
  })
})
