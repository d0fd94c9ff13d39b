import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ENGINE, OWNERS, tablesNamedIn } from '../support/tables.ts'

const ownerOf = new Map(
  Object.entries(OWNERS).flatMap(([room, tables]) => tables.map((table) => [table, room])),
)

const sources = (): string[] =>
  globSync('{app,components,lib}/**/*.{ts,tsx}')
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.includes('/migrations/'))

const isStore = (file: string): boolean => /[/-](?:store|sql)\.ts$/.test(file)

function stranger(file: string, table: string): string | null {
  const [shelf, room] = file.split('/')
  if (shelf === 'lib' && room === 'engine')
    return ENGINE.includes(table) ? null : `${file} names ${table} of the studio`
  const owner = ownerOf.get(table) ?? 'engine'
  if (shelf !== 'lib' || owner !== room) return `${file} names ${table}, which belongs to ${owner}`
  return isStore(file) ? null : `${file} names ${table} outside of a store`
}

const strangersIn = (file: string, source: string): string[] =>
  tablesNamedIn(source).flatMap((table) => stranger(file, table) ?? [])

describe('who may name which table', () => {
  test('every table is named in the stores of its room only', () => {
    const found = sources().map((file) => ({ file, source: readFileSync(file, 'utf8') }))
    expect(found.flatMap(({ file, source }) => strangersIn(file, source))).toEqual([])
    const named = new Set(found.flatMap(({ source }) => tablesNamedIn(source)))
    expect([...ownerOf.keys()].filter((table) => !named.has(table))).toEqual([])
  })

  test.each([
    ['lib/models/store.ts', "studio().selectFrom('jobs').selectAll().execute()"],
    [
      'lib/evals/fix-store.ts',
      "studio().selectFrom('evals').innerJoin(\n  'dataset_rows as row', (join) => join)",
    ],
    ['lib/evals/store.ts', "db.selectFrom(['evals', 'spend'])"],
    ['lib/jobs/store.ts', "db.updateTable('datasets').set({ name })"],
    [
      'lib/jobs/store.ts',
      "db.selectFrom('jobs').where(({ exists, selectFrom }) => exists(selectFrom('votes')))",
    ],
    ['lib/jobs/store.ts', 'sql`(select name from datasets where id = jobs.dataset_id)`.execute(db)'],
    ['lib/jobs/store.ts', "db.selectFrom('jobs').orderBy('spend.reserved')"],
    ['lib/jobs/store.ts', 'sql`select 1 from jobs, votes where true`.execute(db)'],
    ['lib/jobs/store.ts', "sql.join([sql`delete from`, sql.table('votes')]).execute(db)"],
    ['lib/jobs/store.ts', "type Both = Pick<StudioTables, 'jobs' | 'votes'>"],
    ['lib/jobs/store.ts', "type Change = UpdateObject<StudioTables, 'datasets'>"],
    [
      'lib/models/alias-store.ts',
      'sql`select 1 from aliases\n  left join door_calls on alias = name`.execute(db)',
    ],
    ['lib/gateway/store.ts', 'db.prepare(`INSERT INTO "alias_calls" (alias) VALUES (?)`)'],
    ['lib/storage/trash.ts', "db.prepare('delete from dataset_steps where dataset_id = ?')"],
    ['lib/datasets/worker/step.ts', "db.prepare('update datasets set importing = null')"],
    ['lib/jobs/store.ts', "db.selectFrom('events').selectAll()"],
    ['lib/engine/models.ts', "db.selectFrom('datasets').selectAll()"],
    ['app/jobs/page.tsx', "await studio().selectFrom('jobs').selectAll().execute()"],
  ])('a planted stranger is found: %s: %s', (file, source) => {
    expect(strangersIn(file, source)).toHaveLength(1)
  })

  test.each([
    ['lib/jobs/store.ts', "db.selectFrom('jobs as job').innerJoin('job_points as point', on)"],
    [
      'lib/jobs/launch.ts',
      "const { db } = context // select them from datasets\nthrow new Error('missing from answers')",
    ],
    ['lib/jobs/queries.ts', "queryKey: ['datasets', id]"],
    ['lib/engine/files.ts', "db.deleteFrom('files')"],
  ])('what names no table of others is let through: %s: %s', (file, source) => {
    expect(strangersIn(file, source)).toEqual([])
  })

  test('when a record belongs to a revision is written once', () => {
    const rule = /\buntil\b[^\n]*\bis null or\b|'until', 'is', null\), /
    const files = sources().filter((file) => rule.test(readFileSync(file, 'utf8')))
    expect(files).toEqual(['lib/datasets/revision-sql.ts'])
  })
})
