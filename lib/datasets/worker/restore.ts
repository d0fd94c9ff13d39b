import type { Step } from '../schema.ts'
import type { Context } from './context.ts'
import { restoreRows } from './restore-rows.ts'
import { bigStep } from './step.ts'

export interface RestoreInput {
  datasetId: string
  /** The one to go back to. */
  revision: number
}

/**
 * Task: makes all rows what they were at a revision.
 * @throws AppError not_found, conflict
 */
export async function restore({ datasetId, revision }: RestoreInput, context: Context): Promise<Step> {
  const { result: _, ...step } = await bigStep(context, { datasetId, kind: 'restore' }, async (writer) => ({
    rows: await restoreRows({ datasetId, to: revision }, writer, context),
    result: null,
  }))
  return step
}
