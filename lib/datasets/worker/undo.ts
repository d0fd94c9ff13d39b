import type { DatabaseSync } from 'node:sqlite'
import { AppError } from '#lib/core/errors.ts'
import type { StepKind, Undone } from '../schema.ts'
import type { Context } from './context.ts'
import { firstLineOf } from './history-store.ts'
import { restoreRows } from './restore-rows.ts'
import { newestStep, newestUndo, stateOf } from './state-store.ts'
import { bigStep } from './step.ts'

type Find = (db: DatabaseSync, datasetId: string) => { revision: number; kind: StepKind } | undefined

/** Restores the rows of a step to the revision before it: since it, they have changed only in steps that are reverted. */
async function revert(
  datasetId: string,
  kind: 'undo' | 'redo',
  find: Find,
  context: Context,
): Promise<Undone | null> {
  const { db } = context
  const reverted = find(db, datasetId)
  if (!reverted) return null
  const { revision: reverts } = reverted
  const expected = stateOf(db, datasetId)?.revision
  const { result: number, ...step } = await bigStep(
    context,
    { datasetId, kind, reverts, expected },
    async (writer) => {
      const request = { datasetId, to: reverts - 1, touched: [reverts, reverts] as const }
      const rows = await restoreRows(request, writer, context)
      return { rows, result: firstLineOf(db, datasetId, writer.next) }
    },
  )
  return { ...step, kind: reverted.kind, number }
}

/**
 * Task: undoes the newest step that is not undone yet.
 * @throws AppError not_found, conflict when there is none
 */
export async function undo({ datasetId }: { datasetId: string }, context: Context): Promise<Undone> {
  const undone = await revert(datasetId, 'undo', newestStep, context)
  if (!undone) throw new AppError('conflict', 'datasets.nothingToUndo')
  return undone
}

/**
 * Task: makes the change again that was undone last, unless rows have changed since.
 * @throws AppError not_found, conflict when there is none
 */
export async function redo({ datasetId }: { datasetId: string }, context: Context): Promise<Undone> {
  const redone = await revert(datasetId, 'redo', newestUndo, context)
  if (!redone) throw new AppError('conflict', 'datasets.nothingToRedo')
  return redone
}
