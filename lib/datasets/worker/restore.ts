import type { Step } from '../schema.ts'
import type { Context } from './context.ts'
import { restoreRows } from './restore-rows.ts'
import { bigStep } from './step.ts'

export interface RestoreInput {
  datasetId: string
  /** The revision to restore. */
  revision: number
}

/**
 * Task: restores all rows of a revision.
 * @throws AppError not_found, conflict
 */
export async function restore({ datasetId, revision }: RestoreInput, context: Context): Promise<Step> {
  const { result: _, ...step } = await bigStep(context, { datasetId, kind: 'restore' }, async (writer) => ({
    rows: await restoreRows({ datasetId, to: revision }, writer, context),
    result: null,
  }))
  return step
}
