import { readTurns } from '#lib/examples/edit.ts'
import { lineOf } from '#lib/examples/jsonl.ts'
import { checkLine } from '#lib/examples/validate.ts'
import type { ExampleTokens } from '#lib/tokens/chat.ts'
import { countExample } from '#lib/tokens/count.ts'
import { lineOfRow, rowBytes } from './bytes.ts'
import { examine, summaryOf } from './check.ts'
import type { DatasetRow, DatasetSummary, DatasetView, Place, Split } from './schema.ts'
import { PAGE_ROWS } from './schema.ts'
import { allDatasets, countRows, findDataset, rowsOf, splitsOf } from './store.ts'

/** Every dataset, the one changed last first. */
export async function listDatasets(): Promise<DatasetSummary[]> {
  const summaries: DatasetSummary[] = []
  for (const dataset of await allDatasets()) summaries.push(await summaryOf(dataset))
  return summaries
}

/**
 * Name, rows, tokens and verdict of a dataset.
 * @throws AppError not_found
 */
export const getDatasetSummary = async (datasetId: string): Promise<DatasetSummary> =>
  summaryOf(await findDataset(datasetId))

async function readWindow(datasetId: string, offset: number, limit: number): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = []
  let number = offset
  for await (const { row, bytes } of rowBytes(await rowsOf(datasetId, { offset, limit }))) {
    const line = lineOfRow(row, bytes, ++number)
    const { example, issues } = checkLine(line)
    const errors = issues.filter(({ severity }) => severity === 'error').length
    rows.push({
      id: row.id,
      number,
      split: row.split as Split,
      revision: row.revision,
      text: line.text,
      tokens: example ? countExample(example) : null,
      errors,
    })
  }
  return rows
}

/**
 * A dataset with all its problems and a window of its rows.
 * @throws AppError not_found
 */
export async function getDataset(datasetId: string, offset = 0, limit = PAGE_ROWS): Promise<DatasetView> {
  const dataset = await findDataset(datasetId)
  const { summary, issues, byRule } = await examine(dataset)
  const rows = await readWindow(datasetId, offset, limit)
  return { dataset: summary, issues, byRule, rows, total: await countRows(datasetId), offset }
}

/**
 * The line of the dataset at a place; the first one when there is no such place.
 * @throws AppError not_found
 */
export async function numberOf(datasetId: string, { row, split, line }: Place): Promise<number> {
  await findDataset(datasetId)
  if (line === undefined) return row ?? 1
  let seen = 0
  const index = (await splitsOf(datasetId)).findIndex((other) => other === split && ++seen === line)
  return Math.max(0, index) + 1
}

/** Tokens of a line while it is being written; null while it is no conversation. */
export function countLine(line: string): ExampleTokens | null {
  const { example } = checkLine(lineOf(line, 1))
  if (example) return countExample(example)
  const turns = readTurns(line)
  if (!turns) return null
  const messages = turns.map(({ value }) => ({
    role: typeof value.role === 'string' ? value.role : '',
    content: typeof value.content === 'string' ? value.content : '',
    weight: value.weight === 0 ? 0 : 1,
  }))
  return countExample({ messages })
}
