import { describe, expect, it } from 'vitest'
import { type ListView, shownIn, sortedBy } from '#components/evals/list-view.ts'
import type { EvalSummary } from '#lib/evals/schema.ts'

const evaluation = (
  datasetName: string,
  createdAt: number,
  shares: (number | null)[],
  state: EvalSummary['state'] = 'done',
): EvalSummary => ({
  ...{ id: `eval_${createdAt}`, datasetId: 'data_1', datasetName, version: null, split: 'heldout' },
  ...{ jobId: null, sweep: false, state, cells: 0, done: 0, createdAt, finishedAt: null, rows: 1 },
  columns: shares.map((share, index) => ({ label: '', model: `model-${index}`, share, n: 1 })),
})

const all = [
  evaluation('exp-10', 4, [null], 'running'),
  evaluation('Exp-2', 3, [0.2, 0.9]),
  evaluation('pirates', 2, [0.95, 0.1, 0.3]),
  evaluation('exp-2', 1, [0.9], 'stopped'),
]

const view: ListView = { q: '', state: null, sort: 'when', order: 'desc' }
const shown = (part: Partial<ListView>) =>
  shownIn(all, { ...view, ...part }).map(({ createdAt }) => createdAt)

describe('the list of evaluations', () => {
  it('sorts by date, by name as people count, and by the best score with those without one at the end', () => {
    expect(shown({})).toEqual([4, 3, 2, 1])
    expect(shown({ order: 'asc' })).toEqual([1, 2, 3, 4])
    expect(shown({ sort: 'data', order: 'asc' })).toEqual([3, 1, 4, 2])
    expect(shown({ sort: 'score', order: 'desc' })).toEqual([2, 3, 1, 4])
    expect(shown({ sort: 'score', order: 'asc' })).toEqual([3, 1, 2, 4])
  })

  it('finds every word in the names of data and models, and the state', () => {
    expect(shown({ q: ' EXP-2 ' })).toEqual([3, 1])
    expect(shown({ q: 'model-2 pir' })).toEqual([2])
    expect(shown({ q: 'model-2 exp' })).toEqual([])
    expect(shown({ state: 'stopped' })).toEqual([1])
    expect(shown({ state: 'done', q: 'exp' })).toEqual([3])
  })

  it('begins names with A and scores with the best, and turns round at the next press', () => {
    expect(sortedBy('data', view)).toEqual({ sort: 'data', order: 'asc' })
    expect(sortedBy('score', { sort: 'data', order: 'asc' })).toEqual({ sort: 'score', order: 'desc' })
    expect(sortedBy('when', view)).toEqual({ sort: 'when', order: 'asc' })
  })
})
