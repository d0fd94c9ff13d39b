import { isRecord } from '../is-record.ts'
import { isEmpty, type Named, unpacked } from './fields.ts'
import { isObjectList } from './format.ts'
import { isRecordList } from './lists.ts'
import type { Mapping, Unfold } from './plan.ts'
import { recognise } from './table.ts'
import { SPEAKER_KEYS } from './turns.ts'

/** Records nested in other values: under a key, in tables of pandas, as lists of turns, or as text. */

/** Merges the members of an inner and its outer object; keeps both members of a common name. */
function beside(outer: Named, key: string, inner: Named): Named {
  const others = Object.entries(outer).filter(([name]) => name !== key)
  return { ...inner, ...Object.fromEntries(others.map(([name, value]) => [freeName(inner, name), value])) }
}

const freeName = (inner: Named, name: string): string => (name in inner ? `outer ${name}` : name)

/** The records of a table whose columns are lists, or objects by row. */
function rowsOf(table: Named): Named[] {
  const columns = Object.entries(table).map(([name, cells]): [string, Named] => [
    name,
    { ...(cells as object) },
  ])
  const indexes = new Set(columns.flatMap(([, cells]) => Object.keys(cells)))
  return Array.from(indexes, (index) =>
    Object.fromEntries(
      columns.map(([name, cells]) => [name, cells[index]]).filter(([, cell]) => cell != null),
    ),
  )
}

const named = (columns: readonly unknown[], cells: unknown): unknown =>
  Array.isArray(cells) ? Object.fromEntries(columns.map((name, at) => [String(name), cells[at]])) : cells

function fromText(value: unknown): unknown[] {
  let inner = value
  for (let turn = 0; turn < 3 && typeof inner === 'string'; turn++) inner = unpackedText(inner)
  return Array.isArray(inner) ? inner.flatMap(fromText) : [inner]
}

/** The JSON value of a text, also if encoded twice. */
function unpackedText(text: string): unknown {
  const value = unpacked(text)
  if (value !== text || !text.startsWith('"')) return value
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** The records nested in a value; the value itself if it has another form. */
export function unfolded(value: unknown, unfold: Unfold): unknown[] {
  if (unfold.from === 'text') return typeof value === 'string' ? fromText(value) : [value]
  if (unfold.from === 'turns') return isTurnList(value) ? [{ messages: value }] : [value]
  if (!isRecord(value)) return [value]
  switch (unfold.from) {
    case 'member': {
      const inner = value[unfold.key]
      return [isRecord(inner) ? beside(value, unfold.key, inner) : value]
    }
    case 'lists':
      return unfold.keys.reduce<unknown[]>(
        (outer, key) => outer.flatMap((one) => eachBeside(one, key)),
        [value],
      )
    case 'columns':
      return isTable(value) ? rowsOf(value) : [value]
    case 'members':
      return Object.values(value)
    case 'split': {
      const { columns, data } = value
      return Array.isArray(columns) && Array.isArray(data) ? data.map((row) => named(columns, row)) : [value]
    }
  }
}

/** The records of an inner list, each merged with the outer record. */
function eachBeside(outer: unknown, key: string): unknown[] {
  const held = isRecord(outer) ? outer[key] : null
  if (!isRecord(outer)) return [outer]
  if (isRecord(held)) return [beside(outer, key, held)]
  return isObjectList(held) ? held.map((inner) => beside(outer, key, inner)) : [outer]
}

/** Keys of inner lists of questions, and wrappers in server responses. */
const INNER =
  /^(?:paragraphs|qas?|qa_?pairs|question_?answers|questions|faqs?|entries|pairs|items|examples)$/i
const WRAPS =
  /^(?:data|results?|response|payload|body|hits|rows|records|docs|documents|edges|items|faqs?|_source|node)$/i
const MOST_DEEP = 5

/** The keys from a record to its innermost records; empty if it has no such list. */
function pathIn(record: Named, keys: readonly string[] = []): string[] {
  const isInner = (name: string) =>
    isObjectList(record[name]) && (INNER.test(name) || (keys.length > 0 && WRAPS.test(name)))
  const key = Object.keys(record).find(
    (name) => isInner(name) || (isRecord(record[name]) && WRAPS.test(name)),
  )
  if (key === undefined || keys.length >= MOST_DEEP) return [...keys]
  const held = record[key]
  const inner = isRecord(held) ? held : (held as Named[])[0]
  return inner ? pathIn(inner, [...keys, key]) : [...keys]
}

/** Whether one of these members is a list; else the keys lead to a single record. */
function hasList(record: Named, keys: readonly string[]): boolean {
  const [key, ...others] = keys
  if (key === undefined) return false
  const held = record[key]
  return isObjectList(held) || (isRecord(held) && hasList(held, others))
}

const isTurnList = (value: unknown): boolean =>
  isObjectList(value) && value.every((one) => SPEAKER_KEYS.some((key) => key in one))

const isCell = (value: unknown): boolean => isEmpty(value) || typeof value !== 'object'

/** Whether all columns have one length, or the same rows. */
function isTable(table: Named): boolean {
  const columns = Object.values(table)
  const keys = columns.map((cells) => (typeof cells === 'object' && cells ? Object.keys(cells).join() : ''))
  const cells = columns.flatMap((column) =>
    typeof column === 'object' && column ? Object.values(column) : [],
  )
  return columns.length > 1 && keys[0] !== '' && keys.every((key) => key === keys[0]) && cells.every(isCell)
}

/** Possible ways in which these values contain records, the likeliest first. */
function unfoldings(values: readonly unknown[]): Unfold[] {
  const [first] = values
  if (typeof first === 'string') return [{ from: 'text' }]
  if (isTurnList(first)) return [{ from: 'turns' }]
  if (!isRecord(first)) return []
  const members = Object.keys(first).filter((key) => isRecord(first[key]))
  const path = pathIn(first)
  // A list in the outermost object is streamed, see `ListWindow`.
  const [outer = ''] = path
  const isStreamed = values.length === 1 && Array.isArray(first[outer]) && isRecordList(outer)
  const lists = hasList(first, path) && !isStreamed ? path : []
  const inMembers = [
    ...(lists.length > 0 ? [{ from: 'lists' as const, keys: lists }] : []),
    ...members.map((key): Unfold => ({ from: 'member', key })),
  ]
  if (values.length > 1) return inMembers
  const isSplit = Array.isArray(first.columns) && Array.isArray(first.data)
  const isIndex = members.length > 1 && members.length === Object.keys(first).length
  return [
    ...(isSplit ? [{ from: 'split' as const }] : []),
    ...(isIndex ? [{ from: 'members' as const }] : []),
    ...inMembers,
  ]
}

/** The shape of the records that these values are or contain; null if unknown. */
export function recogniseIn(values: readonly unknown[]): { mapping: Mapping; unfold?: Unfold } | null {
  const [only] = values
  const isColumnar = values.length === 1 && isRecord(only) && isTable(only)
  const ways: (Unfold | null)[] = [isColumnar ? { from: 'columns' } : null, null, ...unfoldings(values)]
  for (const unfold of ways) {
    const found = unfold ? values.flatMap((value) => unfolded(value, unfold)) : values
    const records = found.filter(isRecord)
    const mapping = records.length * 2 >= found.length ? recognise(records) : null
    if (mapping && !(unfold && mapping.shape === 'foreign')) return unfold ? { mapping, unfold } : { mapping }
  }
  return null
}
