import { AppError } from '#lib/core/errors.ts'
import type { Undone } from '../schema.ts'
import type { Context } from './context.ts'
import { firstLineOf } from './history-store.ts'
import { restoreRows } from './restore-rows.ts'
import { newestStep, stateOf } from './state-store.ts'
import { bigStep } from './step.ts'

/**
 * Task: undoes the newest step that is not undone yet. All later steps are undone already, so its rows are as it left them;
 * they are restored to the revision before it.
 * @throws AppError not_found, conflict when there is none
 */
export async function undo({ datasetId }: { datasetId: string }, context: Context): Promise<Undone> {
  const { db } = context
  const undone = newestStep(db, datasetId)
  if (!undone) throw new AppError('conflict', 'datasets.nothingToUndo')
  const { revision: reverts } = undone
  const expected = stateOf(db, datasetId)?.revision
  const { result: number, ...step } = await bigStep(
    context,
    { datasetId, kind: 'undo', reverts, expected },
    async (writer) => {
      const request = { datasetId, to: reverts - 1, touched: [reverts, reverts] as const }
      const rows = await restoreRows(request, writer, context)
      return { rows, result: firstLineOf(db, datasetId, writer.next) }
    },
  )
  return { ...step, kind: undone.kind, number }
}
