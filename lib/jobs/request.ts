import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import type { DatasetVersion } from '#lib/datasets/schema.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import type { Pinned } from './pin.ts'
import type { DataChoice, Hyperparameters, JobDraft } from './schema.ts'
import { INTENT } from './wire.ts'

const upload = ({ datasetId, split }: DataChoice, { id }: DatasetVersion, { providerId }: JobDraft) =>
  uploadDataset(datasetId, split, providerId, { version: id })

/** What was left to the provider is not sent: older servers do not know the word "auto". */
function explicit({ nEpochs, batchSize, learningRateMultiplier }: Hyperparameters) {
  const set = { n_epochs: nEpochs, batch_size: batchSize, learning_rate_multiplier: learningRateMultiplier }
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== 'auto')) as Partial<
    Record<keyof typeof set, number>
  >
}

/** Values that were set by hand; pairs of answers are trained by preference, which a request has to say. */
function methodOf(draft: JobDraft, method: Pinned['method']): Pick<JobCreateParams, 'method'> {
  const hyperparameters = explicit(draft.hyperparameters)
  if (method === 'preference') return { method: { type: 'dpo', dpo: { hyperparameters } } }
  return Object.keys(hyperparameters).length > 0
    ? { method: { type: 'supervised', supervised: { hyperparameters } } }
    : {}
}

/** How a lost answer is found again, and which rows a run at the provider was made of. */
const metadataOf = (draft: JobDraft, { training, validation }: Pinned, fileHash: string) => ({
  [INTENT]: draft.id,
  dataset_sha256: training.sha256,
  dataset_version: String(training.number),
  dataset_revision: String(training.revision),
  training_file_sha256: fileHash,
  ...(validation && validation.id !== training.id
    ? { validation_sha256: validation.sha256, validation_version: String(validation.number) }
    : {}),
})

/** The request as it goes out, its files sent before. */
export async function requestOf(draft: JobDraft, pinned: Pinned): Promise<JobCreateParams> {
  const training = await upload(draft.training, pinned.training, draft)
  const validation =
    draft.validation && pinned.validation ? await upload(draft.validation, pinned.validation, draft) : null
  return {
    model: draft.model,
    training_file: training.fileId,
    ...(validation ? { validation_file: validation.fileId } : {}),
    ...(draft.suffix ? { suffix: draft.suffix } : {}),
    ...(draft.seed === null ? {} : { seed: draft.seed }),
    ...methodOf(draft, pinned.method),
    metadata: metadataOf(draft, pinned, training.sha256),
  }
}
