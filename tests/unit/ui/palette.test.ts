import { describe, expect, test } from 'vitest'
import { type Entry, entriesFor } from '#components/shell/palette/entries.ts'
import { rooms } from '#components/shell/rooms.ts'

const link = (id: string, label: string, detail?: string): Entry => ({
  ...{ kind: 'link', id, label, href: `/${id}` },
  ...(detail !== undefined && { detail }),
})

const many = Array.from({ length: 40 }, (_, index) => link(`job_${index}`, `elle ${index}`, `#${index}`))
const groups = [
  { label: 'Datasets', items: [link('data_1', 'Support tone'), link('data_2', 'إيل')] },
  { label: 'Jobs', items: many },
]

describe('the palette', () => {
  test('shows the first few of each group until something is typed', () => {
    expect(entriesFor(groups, '  ').map(({ items }) => items.length)).toEqual([2, 5])
  })

  test('finds every word in label, detail or id, whatever their order and case', () => {
    expect(entriesFor(groups, 'TONE sup').flatMap(({ items }) => items.map(({ id }) => id))).toEqual([
      'data_1',
    ])
    expect(entriesFor(groups, 'elle #39').flatMap(({ items }) => items.map(({ id }) => id))).toEqual([
      'job_39',
    ])
    expect(entriesFor(groups, 'إيل').flatMap(({ items }) => items.map(({ id }) => id))).toEqual(['data_2'])
  })

  test('leaves out groups without an entry', () => {
    expect(entriesFor(groups, 'nothing like this')).toEqual([])
  })

  test('every section has a letter of its own to jump to', () => {
    expect(new Set(rooms.map(({ jump }) => jump)).size).toBe(rooms.length)
  })
})
