import { createHash } from 'node:crypto'
import { changeRows } from '#lib/datasets/bulk-edit.ts'
import { importDataset } from '#lib/datasets/import.ts'
import type { BulkChange, Split } from '#lib/datasets/schema.ts'
import { getDatasetSummary, getRows } from '#lib/datasets/view.ts'
import { exportedBytes, incoming } from './dataset-files.ts'

const subjects = ['a cat', 'the sea', 'an old clock', 'two trains', 'rain', 'a lamp', 'the baker', 'a kite']
const endings = ['at dawn', 'in March', 'near the mill', 'without a word', 'for a while', 'on the hill']

/** A line like no other: its words come from the digits of its number. */
export function lineOf(number: number, system: string | null = 'Answer in verse.'): string {
  const subject = subjects[number % 8] ?? ''
  const ending = endings[Math.floor(number / 8) % 6] ?? ''
  const turns = [
    ...(system === null ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: `Number ${number}: write of ${subject} ${ending}.` },
    {
      role: 'assistant',
      content: `Once ${subject} stood ${ending}, and ${number} times ${number * 7} it sang.`,
    },
  ]
  return JSON.stringify({ messages: turns })
}

export const linesOf = (count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, index) => lineOf(first + index))

export const made = async (text: string, split: Split | { trainRows: number } = 'train'): Promise<string> =>
  (await importDataset(incoming(text, { split }))).id

export const bytesOf = async (datasetId: string, version?: string): Promise<string> =>
  (await exportedBytes(datasetId, version)).toString('latin1')

export const hash = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')

/** Everything that can be seen of the rows: bytes, marks, and who stands where. */
export async function stateOf(datasetId: string) {
  const { rows } = await getRows(datasetId, { offset: 0, limit: 500 })
  return {
    sha256: hash(await bytesOf(datasetId)),
    rows: rows.map(({ number: _, revision: _revision, ...row }) => row),
  }
}

export async function apply(datasetId: string, change: BulkChange) {
  const { revision } = await getDatasetSummary(datasetId)
  return changeRows(datasetId, { revision, change })
}

/** Stable ids of all rows, in line order. */
export const keysOf = async (datasetId: string): Promise<string[]> =>
  (await getRows(datasetId, { offset: 0, limit: 500 })).rows.map(({ id }) => id)

export async function rowAt(datasetId: string, index: number) {
  const { rows } = await getRows(datasetId, { offset: index, limit: 1 })
  const [row] = rows
  if (!row) throw new Error('There is no such row.')
  return row
}

export const BROKEN = [
  `\uFEFF${lineOf(1)}\r`,
  lineOf(2),
  '',
  `${lineOf(3).slice(0, -1)},}`,
  JSON.stringify(JSON.parse(lineOf(4)), null, 2),
  lineOf(2),
  `[${lineOf(5)}, ${lineOf(6)}, ${lineOf(7)}]`,
  lineOf(8),
].join('\n')

export const REPAIRS = [
  'bom',
  'crlf',
  'blank-line',
  'bad-json',
  'multi-line-json',
  'array-not-lines',
  'duplicate',
] as const
