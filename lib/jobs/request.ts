import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import type { DatasetVersion } from '#lib/datasets/schema.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import { INTENT } from '#lib/providers/intent.ts'
import type { FrozenData } from './freeze-data.ts'
import { bodyOf } from './request-code.ts'
import type { DataChoice, JobDraft } from './schema.ts'

const upload = ({ datasetId, split }: DataChoice, { id }: DatasetVersion, { providerId }: JobDraft) =>
  uploadDataset(datasetId, split, providerId, { version: id })

/** Lets us find the job again after a lost answer, and records its rows at the provider. */
const metadataOf = (draft: JobDraft, { training, validation }: FrozenData, fileHash: string) => ({
  [INTENT]: draft.id,
  dataset_sha256: training.sha256,
  dataset_version: String(training.number),
  dataset_revision: String(training.revision),
  training_file_sha256: fileHash,
  ...(validation && validation.id !== training.id
    ? { validation_sha256: validation.sha256, validation_version: String(validation.number) }
    : {}),
})

/** The request as it is sent; its files are uploaded first. */
export async function requestOf(draft: JobDraft, pinned: FrozenData): Promise<JobCreateParams> {
  const training = await upload(draft.training, pinned.training, draft)
  const validation =
    draft.validation && pinned.validation ? await upload(draft.validation, pinned.validation, draft) : null
  return {
    ...bodyOf(draft, pinned.method === 'preference'),
    training_file: training.fileId,
    ...(validation ? { validation_file: validation.fileId } : {}),
    metadata: metadataOf(draft, pinned, training.sha256),
  }
}
