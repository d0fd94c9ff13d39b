import { AppError } from '#lib/core/errors.ts'
import { newRowId } from '#lib/core/ids.ts'
import { inTransaction } from '#lib/db/studio.ts'
import { blankLine } from '#lib/training-data/edit.ts'
import { Flag } from '#lib/training-data/flags.ts'
import { endRow, findRow, insertRow, lastPosition, type NewRow, positionAfter } from './edit-row-store.ts'
import { behindMark } from './line.ts'
import { marksIn } from './marks.ts'
import { trainingSystemPrompt } from './prompts.ts'
import { refuseLocked } from './refusals.ts'
import type { RowRecord } from './revision-rows-store.ts'
import type { RowChange, RowDraft, SavedRow, StepKind } from './schema.ts'
import { type DatasetRecord, findDataset, makeStep } from './store.ts'
import { work } from './worker/client.ts'

/** Columns of a line that the user wrote: its text, and the facts read from it. */
const written = async (line: string) => ({
  blob: null,
  offset: null,
  length: null,
  line,
  ...(await work('facts', { line })),
})

/**
 * Adds a row: after `after`, or a copy of `copyOf` right after it, or at the end.
 * @throws AppError not_found, conflict while the dataset is being rewritten
 */
export async function addRow(
  datasetId: string,
  { line, split = 'train', after, copyOf }: RowDraft,
): Promise<SavedRow> {
  const text = copyOf ? null : await written(line ?? blankLine(await trainingSystemPrompt(datasetId)))
  return inTransaction(async (db) => {
    const since = await makeStep(datasetId, 'add', 1, db)
    const neighbour = copyOf ?? after
    const beside = neighbour ? await findRow(datasetId, neighbour, db) : null
    const position = beside ? await positionAfter(beside, db) : (await lastPosition(datasetId, db)) + 1
    const place = { key: newRowId(), dataset_id: datasetId, position, since, until: null }
    await insertRow(text ? { ...text, split, ...place } : { ...copied(beside as RowRecord), ...place }, db)
    return { id: place.key, revision: since }
  })
}

/** A record's content, for a new record. */
function unnumbered(row: RowRecord): NewRow {
  const { seq: _, ...content } = row
  return content
}

/** A copy follows another row, and a byte order mark is valid only at the start of a file: the copy omits it. */
function copied(row: RowRecord): NewRow {
  const flags = Number(row.flags)
  if ((flags & Flag.bom) === 0) return unnumbered(row)
  return { ...unnumbered(row), ...behindMark(row), flags: flags & ~Flag.bom }
}

const isGone = ({ until }: RowRecord, { revision }: DatasetRecord): boolean =>
  until !== null && until <= revision

/** Change in the number of lines. */
const growth = (gone: boolean, deleted?: boolean): -1 | 0 | 1 => (gone ? 1 : deleted ? -1 : 0)

function kindOf({ line, split, deleted }: RowChange): StepKind {
  if (deleted === true) return 'delete'
  if (line !== undefined || deleted === false) return 'edit'
  return split ? 'split' : 'mark'
}

/**
 * Rewrites a row, moves it to the other split, marks it, deletes or restores it.
 * @throws AppError not_found, conflict when the row is no longer at `revision`, when the dataset is being rewritten, or
 * when a job has locked the split
 */
export async function updateRow(datasetId: string, rowId: string, change: RowChange): Promise<SavedRow> {
  const { revision, line, split, deleted } = change
  const text = line === undefined ? {} : await written(line)
  return inTransaction(async (db) => {
    const dataset = await findDataset(datasetId, db)
    const row = await findRow(datasetId, rowId, db)
    const gone = isGone(row, dataset)
    // A deleted row has the revision that ended it.
    if ((gone ? row.until : row.since) !== revision) throw changedElsewhere(row, gone)
    if (gone && deleted !== false) throw changedElsewhere(row, gone)
    if (split && split !== row.split && dataset.split_locked !== null) throw refuseLocked()
    const since = await makeStep(datasetId, kindOf(change), growth(gone, deleted), db)
    if (!gone) await endRow(row.seq, since, db)
    if (deleted !== true) {
      const changed = { ...text, ...(split ? { split } : {}), ...marksIn(change) }
      await insertRow({ ...unnumbered(row), ...changed, since, until: null }, db)
    }
    return { id: rowId, revision: since }
  })
}

const changedElsewhere = ({ since, until }: RowRecord, gone: boolean): AppError =>
  new AppError('conflict', gone ? 'datasets.rowDeleted' : 'datasets.rowChanged', {
    param: 'revision',
    facts: { revision: Number(gone ? until : since) },
  })
