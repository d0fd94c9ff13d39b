import { AppError } from '#lib/core/errors.ts'
import type { TextLine } from '#lib/training-data/jsonl.ts'
import { type Example, textOf } from '#lib/training-data/schema.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import { rowLines } from './bytes.ts'
import { exampleRows } from './examples-store.ts'
import { rowsOf } from './revision-rows-store.ts'
import type { Split } from './schema.ts'
import { findDataset } from './store.ts'
import { revisionOf } from './versions-store.ts'

/** An example as a list shows it. */
export interface ExampleAt {
  /** The row's stable id. */
  key: string
  /** The beginning of its last question and of its last answer. */
  question: string | null
  answer: string | null
}

/** Characters of a question or an answer. */
const BEGINNING = 200

const beginning = (text: string | undefined): string | null => text?.slice(0, BEGINNING) ?? null

/**
 * Examples of a version by their index in its training file; blank lines do not count.
 * @param indices from 0
 * @returns null for an index that does not exist
 */
export async function examplesAt(
  datasetId: string,
  versionId: string,
  split: Split,
  indices: readonly number[],
): Promise<(ExampleAt | null)[]> {
  const dataset = { id: datasetId, revision: await revisionOf(datasetId, versionId) }
  const rows = await exampleRows(dataset, split, indices)
  const found = new Map<string, ExampleAt>()
  for await (const { row, line } of rowLines([...rows.values()])) {
    const { example, pair } = checkLine(line)
    const turns = example?.messages ?? (pair ? [...pair.input.messages, ...pair.preferred_output] : [])
    const last = (role: string) => turns.findLast((turn) => turn.role === role)
    const text = (role: string) => {
      const turn = last(role)
      return turn ? beginning(textOf(turn.content)) : null
    }
    found.set(row.key, { key: row.key, question: text('user'), answer: text('assistant') })
  }
  return indices.map((index) => found.get(rows.get(index)?.key ?? '') ?? null)
}

/**
 * A line of the file that a version's split is sent as.
 * @param line from 1, with blank lines
 * @returns null where there is none
 * @throws AppError not_found
 */
export async function lineAt(
  datasetId: string,
  versionId: string,
  split: Split,
  line: number,
): Promise<TextLine | null> {
  const dataset = { id: datasetId, revision: await revisionOf(datasetId, versionId) }
  const rows = await rowsOf(dataset, { split, offset: line - 1, limit: 1 })
  for await (const found of rowLines(rows)) return found.line
  return null
}

/** Extra rows to read: some have no answer to show. */
const SPARE = 20

/**
 * The first training examples, for a prompt: always the same.
 * @param versionId null for the draft
 * @throws AppError not_found; invalid when there are fewer
 */
export async function firstExamples(
  datasetId: string,
  versionId: string | null,
  count: number,
): Promise<Example[]> {
  const dataset = await findDataset(datasetId)
  const revision = versionId === null ? dataset.revision : await revisionOf(datasetId, versionId)
  const found: Example[] = []
  const rows = await rowsOf({ ...dataset, revision }, { split: 'train', limit: count + SPARE })
  for await (const { line } of rowLines(rows)) {
    const { example } = checkLine(line)
    if (found.length < count && example?.messages.at(-1)?.role === 'assistant') found.push(example)
  }
  if (found.length < count)
    throw new AppError('invalid', ['datasets.tooFewExamples', { found: found.length, count }])
  return found
}
