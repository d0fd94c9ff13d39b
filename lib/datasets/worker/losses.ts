import type { Loss, WriteTarget } from '#lib/training-data/formats/write-target.ts'
import { isBlank } from '#lib/training-data/jsonl.ts'
import { RecordWriter } from '../record-writer.ts'
import type { ExportLosses, Split } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { eachRowAt, isSent, splitOf } from './store.ts'

export interface LossesInput {
  datasetId: string
  revision: number
  /** null: all rows. */
  split: Split | null
  format: WriteTarget
}

function count(counts: Partial<Record<Loss, number>>, losses: readonly Loss[]): void {
  for (const loss of losses) counts[loss] = (counts[loss] ?? 0) + 1
}

/** Task: counts what a format cannot represent of the rows. Writes every row as the export would. */
export async function losses(
  { datasetId, revision, split, format }: LossesInput,
  { db, yieldToEventLoop }: Context,
): Promise<ExportLosses> {
  const writer = new RecordWriter(format)
  const reader = new RowReader()
  const losses: ExportLosses = { kept: 0, lost: {}, leftOut: {} }
  try {
    for (const row of eachRowAt(db, datasetId, revision)) {
      await yieldToEventLoop()
      if (!isSent(row) || (split !== null && splitOf(row) !== split)) continue
      const { text } = reader.line(row, 1)
      if (isBlank(text)) continue
      const { text: written, lost } = writer.row(text)
      count(written === null ? losses.leftOut : losses.lost, lost)
      if (written !== null) losses.kept++
    }
    return losses
  } finally {
    reader.close()
  }
}
