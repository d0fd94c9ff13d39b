import { newRowId } from '#lib/core/ids.ts'
import { Flag } from '#lib/training-data/flags.ts'
import { behindMark } from '../line.ts'
import type { Split, Step } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { readColumns } from './facts.ts'
import { bigStep, type StepWriter } from './step.ts'
import { eachRowAt, insertRows, lastPosition, type NewRow, type Row } from './store.ts'

export interface CopyInput {
  datasetId: string
  /** The dataset that has the rows, and its revision. */
  from: string
  revision: number
  /** Their split here; null: each keeps its own. */
  split: Split | null
}

const BATCH = 200

/** A byte order mark is valid only at the start of a file: omitted after other rows. */
function withoutMark(row: Row, reader: RowReader): Row {
  if ((Number(row.flags) & Flag.bom) === 0) return row
  const bare = { ...row, ...behindMark(row) }
  return { ...bare, ...readColumns(reader.line(bare, 1)) }
}

function copyOf({ seq: _, ...row }: Row, place: Pick<NewRow, 'dataset_id' | 'position' | 'since' | 'split'>) {
  return { ...row, ...place, key: newRowId(), until: null }
}

async function append(
  input: CopyInput,
  writer: StepWriter,
  { db, yieldToEventLoop }: Context,
): Promise<number> {
  const { datasetId, from, revision, split } = input
  const last = lastPosition(db, datasetId)
  const reader = new RowReader()
  const batch: NewRow[] = []
  const keep = () => writer.write(() => insertRows(db, batch.splice(0)))
  let rows = 0
  try {
    for (const row of eachRowAt(db, from, revision)) {
      const bare = last === 0 ? row : withoutMark(row, reader)
      rows++
      batch.push(
        copyOf(bare, {
          dataset_id: datasetId,
          position: last + rows,
          since: writer.next,
          split: split ?? row.split,
        }),
      )
      if (batch.length >= BATCH) keep()
      await yieldToEventLoop()
    }
    keep()
    return rows
  } finally {
    reader.close()
  }
}

/**
 * Task: appends the rows of another dataset, with their stored facts.
 * @throws AppError not_found, conflict
 */
export async function copy(input: CopyInput, context: Context): Promise<Step> {
  const { datasetId } = input
  const { result: _, ...step } = await bigStep(context, { datasetId, kind: 'copy' }, async (writer) => ({
    rows: await append(input, writer, context),
    result: null,
  }))
  return step
}
