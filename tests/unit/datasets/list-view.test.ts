import { describe, expect, it } from 'vitest'
import { type ListView, queryOf, shownIn, sortedBy } from '#components/datasets/list-view.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

const split = (examples: number) => ({
  examples,
  tokens: examples * 10,
  trainedTokens: 0,
  errors: 0,
  warnings: 0,
})

const dataset = (
  name: string,
  rows: number,
  updatedAt: number,
  archivedAt: number | null = null,
): DatasetSummary => ({
  id: name,
  name,
  sample: null,
  revision: 1,
  createdAt: 0,
  updatedAt,
  train: split(rows),
  heldout: split(1),
  rejected: 0,
  state: 'ready',
  method: 'supervised',
  version: null,
  dirty: false,
  splitLocked: false,
  undo: null,
  redo: null,
  archivedAt,
  busy: false,
})

const all = [
  dataset('exp-10', 5, 3),
  dataset('Exp-2', 5, 2),
  dataset('old', 90, 1, 7),
  dataset('exp-1', 7, 4),
]

const namesIn = (view: Omit<ListView, 'q'>, q = '') => shownIn(all, { ...view, q }).map(({ name }) => name)

describe('the list of datasets', () => {
  it('sorts names as people count, and figures by size', () => {
    expect(namesIn({ sort: 'name', order: 'asc', archived: false })).toEqual(['exp-1', 'Exp-2', 'exp-10'])
    expect(namesIn({ sort: 'updated', order: 'desc', archived: false })).toEqual(['exp-1', 'exp-10', 'Exp-2'])
    // Among equals the last changed one is first, whichever the order.
    expect(namesIn({ sort: 'rows', order: 'asc', archived: false })).toEqual(['exp-10', 'Exp-2', 'exp-1'])
    expect(namesIn({ sort: 'tokens', order: 'desc', archived: false })).toEqual(['exp-1', 'exp-10', 'Exp-2'])
  })

  it('shows archived ones when they are asked for, and finds words in any case', () => {
    expect(namesIn({ sort: 'rows', order: 'desc', archived: true })[0]).toBe('old')
    expect(namesIn({ sort: 'name', order: 'asc', archived: true }, ' EXP-1')).toEqual(['exp-1', 'exp-10'])
  })

  it('is told by its address, of which nothing is left in the usual order', () => {
    const usual: ListView = { q: '', sort: 'updated', order: 'desc', archived: false }
    expect(queryOf(usual)).toBe('')
    expect(queryOf({ ...usual, q: 'قصيدة a&b', sort: 'name' })).toBe(
      new URLSearchParams({ q: 'قصيدة a&b', sort: 'name' }).toString(),
    )
  })

  it('begins names with A and figures with the largest, and turns round at the next press', () => {
    expect(sortedBy('name', { sort: 'updated', order: 'desc' })).toEqual({ sort: 'name', order: 'asc' })
    expect(sortedBy('rows', { sort: 'name', order: 'asc' })).toEqual({ sort: 'rows', order: 'desc' })
    expect(sortedBy('rows', { sort: 'rows', order: 'desc' })).toEqual({ sort: 'rows', order: 'asc' })
  })
})
