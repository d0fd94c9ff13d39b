import { createHash } from 'node:crypto'
import { APIError } from 'openai'
import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import { heldOutQuestion, trainingSystemPrompt } from '#lib/datasets/prompts.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { AppError } from '#lib/errors.ts'
import { client } from '#lib/providers/client.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { viewJob } from './list.ts'
import { adopt } from './reconcile.ts'
import type { DataChoice, Hyperparameters, Job, JobDraft } from './schema.ts'
import {
  insertJob,
  inTransaction,
  type JobRecord,
  markUnknown,
  maybeJob,
  type NewJob,
  renewJob,
  updateJob,
  withdrawJob,
} from './store.ts'
import { INTENT, RemoteJob } from './wire.ts'

const hashOf = ({ id: _, ...request }: JobDraft): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex')

/** The explanation that OpenAI's own words leave out. */
const WIND_DOWN =
  'OpenAI is closing fine-tuning: accounts that had not used it lost job creation on 2026-05-07, inactive ones on 2026-07-02, everyone on 2027-01-06. The embedded engine trains the same data on this computer.'

/**
 * Writes the intent, unless the same one is there already. One that was refused may be sent again, and changed.
 * @returns the run that this id already stands for, if it does
 * @throws AppError conflict when the id stands for another request
 */
async function writeIntent(draft: JobDraft): Promise<JobRecord | undefined> {
  const training = draft.training.datasetId
  const [systemPrompt, question] = await Promise.all([
    trainingSystemPrompt(training),
    heldOutQuestion(training),
  ])
  const hash = hashOf(draft)
  const now = Date.now()
  const intent: NewJob = {
    id: draft.id,
    provider_id: draft.providerId,
    launch: 'intent',
    request_hash: hash,
    request_json: JSON.stringify(draft),
    dataset_id: training,
    validation_dataset_id: draft.validation?.datasetId ?? null,
    system_prompt: systemPrompt,
    question,
    status: 'preparing',
    model: draft.model,
    suffix: draft.suffix || null,
    created_at: now,
    updated_at: now,
  }
  return inTransaction(async (db) => {
    const known = await maybeJob(draft.id, db)
    const withdrawn = known?.launch === 'refused'
    if (known && !withdrawn && known.request_hash !== hash) {
      throw new AppError(
        'conflict',
        'This id already stands for a run with other settings. Reload the form to start a new one.',
      )
    }
    if (known && !withdrawn) return known
    await (withdrawn ? renewJob : insertJob)(intent, db)
  })
}

const upload = (choice: DataChoice, draft: JobDraft) =>
  uploadDataset(choice.datasetId, choice.split, draft.providerId)

/** What was left to the provider is not sent: older servers do not know the word "auto". */
function explicit({ nEpochs, batchSize, learningRateMultiplier }: Hyperparameters) {
  const set = { n_epochs: nEpochs, batch_size: batchSize, learning_rate_multiplier: learningRateMultiplier }
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== 'auto')) as Partial<
    Record<keyof typeof set, number>
  >
}

/** The request as it goes out; its metadata is how a lost answer is found again. */
async function requestOf(draft: JobDraft): Promise<JobCreateParams> {
  const training = await upload(draft.training, draft)
  const validation = draft.validation ? await upload(draft.validation, draft) : null
  const { revision } = await getDatasetSummary(draft.training.datasetId)
  const hyperparameters = explicit(draft.hyperparameters)
  const chosen = Object.keys(hyperparameters).length > 0
  return {
    model: draft.model,
    training_file: training.fileId,
    ...(validation ? { validation_file: validation.fileId } : {}),
    ...(draft.suffix ? { suffix: draft.suffix } : {}),
    ...(draft.seed === null ? {} : { seed: draft.seed }),
    ...(chosen ? { method: { type: 'supervised', supervised: { hyperparameters } } } : {}),
    metadata: { [INTENT]: draft.id, dataset_sha256: training.sha256, dataset_revision: String(revision) },
  }
}

/** Whether the provider certainly did nothing: it answered, and the answer was no. */
const isCertainNo = (thrown: unknown): boolean =>
  thrown instanceof APIError &&
  thrown.status !== undefined &&
  thrown.status >= 400 &&
  thrown.status < 500 &&
  thrown.status !== 408

function explained(thrown: unknown): unknown {
  if (!(thrown instanceof APIError) || thrown.code !== 'training_not_available') return thrown
  return new AppError('forbidden', WIND_DOWN, {
    facts: { status: 403, providerCode: 'training_not_available' },
    cause: thrown,
  })
}

/** The one POST. A no takes the intent back; an answer that was lost leaves it unknown, to be looked up and never sent again. */
async function send(draft: JobDraft, request: JobCreateParams): Promise<void> {
  await updateJob(draft.id, { launch: 'sent' })
  try {
    const answer = await client(draft.providerId).fineTuning.jobs.create(request, { signal: briefly() })
    await adopt(draft.id, RemoteJob.parse(answer))
  } catch (thrown) {
    if (isCertainNo(thrown)) {
      await withdrawJob(draft.id)
      throw explained(thrown)
    }
    await markUnknown(draft.id)
  }
}

/**
 * Starts a run: intent, upload, exactly one creation. The same draft sent twice is the same run.
 * @returns the run; with `launch: 'unknown'` when the provider's answer was lost
 * @throws AppError conflict for other settings under the same id; the provider's refusal, when it certainly did nothing
 */
export async function launchJob(draft: JobDraft): Promise<Job> {
  endpoint(draft.providerId)
  const known = await writeIntent(draft)
  if (known) return viewJob(draft.id)
  let request: JobCreateParams
  try {
    request = await requestOf(draft)
  } catch (thrown) {
    // Nothing that costs has been sent.
    await withdrawJob(draft.id)
    throw thrown
  }
  await send(draft, request)
  return viewJob(draft.id)
}
