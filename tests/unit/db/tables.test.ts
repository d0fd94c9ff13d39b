import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { closeDatabase, openDatabase } from '#lib/db/open.ts'
import { DATABASES, type DatabaseName, scratch, tablesIn } from '#tests/support/databases.ts'
import { ENGINE, OWNERS } from '#tests/support/tables.ts'

const root = scratch()
afterAll(() => rmSync(root, { recursive: true, force: true }))

const INTERFACES = { studio: 'lib/db/tables.ts', engine: 'lib/engine/tables.ts' }
const OWNED = { studio: Object.values(OWNERS).flat(), engine: ENGINE }

/** `text`, `text null`, `number default` or `number generated` by the column's name. */
type Columns = Record<string, string>
type Tables = Record<string, Columns>

const MEMBERS = /^ {2}(\w+): (.+)$/gm

/** Members of an interface: names and types. */
function membersOf(source: string, name: string): [string, string][] {
  const body = new RegExp(`^(?:export )?interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`, 'm').exec(source)?.[1]
  return [...(body ?? '').matchAll(MEMBERS)].map(([, member = '', type = '']) => [member, type])
}

const KINDS: Record<string, string> = { number: 'number', Uint8Array: 'blob' }

function declared(type: string): string {
  const [, wrapper = '', inner = type] = /^(Generated|GeneratedAlways)<(.+)>$/.exec(type) ?? []
  const [plain = '', ...others] = inner.split(' | ')
  const isNullable = others.includes('null')
  const mark = { Generated: ' default', GeneratedAlways: ' generated' }[wrapper] ?? ''
  // All other types are text: a union of strings, or its name.
  return `${KINDS[plain] ?? 'text'}${isNullable ? ' null' : ''}${mark}`
}

/** The tables by the TypeScript interfaces. */
function tablesDeclared(name: DatabaseName): Tables {
  const source = readFileSync(INTERFACES[name], 'utf8')
  const all = membersOf(source, name === 'studio' ? 'StudioTables' : 'EngineTables')
  return Object.fromEntries(
    all.map(([table, type]) => [
      table,
      Object.fromEntries(membersOf(source, type).map(([column, kind]) => [column, declared(kind)])),
    ]),
  )
}

interface Info {
  name: string
  type: string
  notnull: number
  dflt_value: string | null
  pk: number
  /** 2 or 3: generated. */
  hidden: number
}

const STORED: Record<string, string> = {
  integer: 'number',
  bigint: 'number',
  real: 'number',
  'double precision': 'number',
  blob: 'blob',
  text: 'text',
}

function migrated(column: Info, columns: readonly Info[]): string {
  const type = column.type.toLowerCase()
  const isRowid = type === 'integer' && column.pk > 0 && columns.filter(({ pk }) => pk > 0).length === 1
  const mark = column.hidden >= 2 ? ' generated' : isRowid || column.dflt_value !== null ? ' default' : ''
  // SQLite allows null in a key; nothing here writes it.
  return `${STORED[type] ?? type}${column.notnull || column.pk ? '' : ' null'}${mark}`
}

/** The tables by the migrations. */
async function tablesMigrated(name: DatabaseName): Promise<Tables> {
  const file = path.join(root, `${name}.db`)
  await closeDatabase(await openDatabase(file, DATABASES[name]))
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = tablesIn(database).map((table) => {
      const columns = database.prepare(`pragma table_xinfo("${table}")`).all() as unknown as Info[]
      return [table, Object.fromEntries(columns.map((column) => [column.name, migrated(column, columns)]))]
    })
    return Object.fromEntries(tables)
  } finally {
    database.close()
  }
}

/** The types may require a value that SQLite would fill in, not vice versa. */
const demanded = (found: string, wanted: string | undefined): string =>
  found === `${wanted} default` ? `${wanted}` : found

test.each(['studio', 'engine'] as const)('the types of the %s match its columns', async (name) => {
  const [types, tables] = [tablesDeclared(name), await tablesMigrated(name)]
  for (const [table, columns] of Object.entries(tables))
    for (const [column, found] of Object.entries(columns))
      columns[column] = demanded(found, types[table]?.[column])
  expect(types).toEqual(tables)
  expect(OWNED[name].toSorted()).toEqual(Object.keys(tables).toSorted())
})
