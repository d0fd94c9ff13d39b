import { AppError } from '#lib/errors.ts'
import { newLine } from '#lib/examples/edit.ts'
import { newRowId } from '#lib/ids.ts'
import { trainingSystemPrompt } from './prompts.ts'
import type { RowChange, RowDraft, Split } from './schema.ts'
import {
  changeRow,
  findDataset,
  findRow,
  insertRows,
  inTransaction,
  lastPosition,
  positionAfter,
  type RowRecord,
  touch,
} from './store.ts'

/** A row as its own answer says it: enough to go on editing. */
export interface SavedRow {
  id: string
  revision: number
}

/** A form to fill in, with the system prompt that the other rows have. */
async function blankLine(datasetId: string): Promise<string> {
  const system = await trainingSystemPrompt(datasetId)
  const turns = [
    { role: 'user', content: '' },
    { role: 'assistant', content: '' },
  ]
  return newLine(system === null ? turns : [{ role: 'system', content: system }, ...turns])
}

const freshRow = (datasetId: string, position: number, split: Split, line: string): RowRecord => ({
  id: newRowId(),
  dataset_id: datasetId,
  position,
  split,
  blob: null,
  offset: null,
  length: null,
  line,
  tokens: null,
  trained_tokens: null,
  revision: 1,
  deleted_at: null,
})

/**
 * A new row: behind `after`, or a copy of `copyOf` right behind it, or at the end.
 * @throws AppError not_found
 */
export async function addRow(
  datasetId: string,
  { line, split = 'train', after, copyOf }: RowDraft,
): Promise<SavedRow> {
  const text = line ?? (copyOf ? '' : await blankLine(datasetId))
  return inTransaction(async (db) => {
    await findDataset(datasetId, db)
    const neighbour = copyOf ?? after
    const beside = neighbour ? await findRow(datasetId, neighbour, db) : null
    const position = beside ? await positionAfter(beside, db) : (await lastPosition(datasetId, db)) + 1
    const fresh = freshRow(datasetId, position, split, text)
    const row =
      copyOf && beside ? { ...beside, id: fresh.id, position, revision: 1, deleted_at: null } : fresh
    await insertRows([row], db)
    await touch(datasetId, Date.now(), db)
    return { id: row.id, revision: row.revision }
  })
}

/**
 * Rewrites a row, moves it to the other split, deletes it or brings it back.
 * @throws AppError not_found, or conflict when the row is no longer at `revision`
 */
export async function updateRow(
  datasetId: string,
  rowId: string,
  { revision, line, split, deleted }: RowChange,
): Promise<SavedRow> {
  const now = Date.now()
  return inTransaction(async (db) => {
    await findDataset(datasetId, db)
    const row = await findRow(datasetId, rowId, db)
    const written = line === undefined ? {} : { line, tokens: null, trained_tokens: null }
    const gone = deleted === undefined ? {} : { deleted_at: deleted ? now : null }
    const change = { ...written, ...(split ? { split } : {}), ...gone }
    if (!(await changeRow(rowId, revision, change, db))) throw changedElsewhere(row)
    await touch(datasetId, now, db)
    return { id: rowId, revision: revision + 1 }
  })
}

const changedElsewhere = ({ revision, deleted_at }: RowRecord): AppError =>
  new AppError(
    'conflict',
    deleted_at === null
      ? 'This row was changed in another window. What you wrote is still here: save it over the other text, or load that one.'
      : 'This row was deleted in another window.',
    { param: 'revision', facts: { revision } },
  )
