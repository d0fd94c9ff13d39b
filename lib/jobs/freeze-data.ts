import type { DatasetSummary, DatasetVersion, SplitSummary } from '#lib/datasets/schema.ts'
import { versionOf } from '#lib/datasets/versions.ts'
import { getVersionSummary } from '#lib/datasets/view.ts'
import type { JobDraft } from './schema.ts'

/** The versions of the data that a job is given: later edits are not sent. */
export interface FrozenData {
  training: DatasetVersion
  validation: DatasetVersion | null
  method: DatasetSummary['method']
  /** Of the split that is trained on. */
  size: SplitSummary
}

/**
 * Freezes the data of a job as versions, or finds the version that it names.
 * @throws AppError not_found
 */
export async function freezeData({ training, validation, version }: JobDraft): Promise<FrozenData> {
  const own = await versionOf(training.datasetId, version)
  const summary = await getVersionSummary(training.datasetId, own.id)
  const { method } = summary
  const size = summary[training.split]
  if (!validation) return { training: own, validation: null, method, size }
  const same = validation.datasetId === training.datasetId
  return { training: own, validation: same ? own : await versionOf(validation.datasetId), method, size }
}
