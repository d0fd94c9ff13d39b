import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { statementCache } from '#lib/db/statements.ts'

test('a statement is prepared once; the least recently used is released', () => {
  const prepare = statementCache(new DatabaseSync(':memory:'), 3)
  const [first, second] = [prepare('select 1 as n'), prepare('select 2 as n')]
  expect(prepare('select 1 as n')).toBe(first)
  prepare('select 3 as n')
  prepare('select 4 as n')
  expect(first.get()).toEqual({ n: 1 })
  expect(() => second.get()).toThrow('finalized')
  expect(prepare('select 2 as n').get()).toEqual({ n: 2 })
})

test('at most 500 statements are kept', () => {
  const database = new DatabaseSync(':memory:')
  const prepare = statementCache(database)
  const statements = Array.from({ length: 1_500 }, (_, index) => prepare(`select ${index} as n`))
  const alive = statements.filter((statement) => {
    try {
      return statement.get()
    } catch {
      return false
    }
  })
  expect(alive).toHaveLength(500)
})
