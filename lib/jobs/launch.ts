import { createHash } from 'node:crypto'
import { APIError } from 'openai'
import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import { AppError } from '#lib/core/errors.ts'
import { heldOutQuestion, trainingSystemPrompt } from '#lib/datasets/prompts.ts'
import type { DatasetVersion } from '#lib/datasets/schema.ts'
import { startId } from '#lib/db/start-id.ts'
import { type Db, inTransaction } from '#lib/db/studio.ts'
import { failure } from '#lib/http/failure.ts'
import { noteRefusal, refuseDuringBackoff } from '#lib/providers/backoff.ts'
import { client } from '#lib/providers/client.ts'
import { DAY, isDailyLimit, noteDailyLimit, refuseOverDailyLimit } from '#lib/providers/daily-limit.ts'
import { briefly } from '#lib/providers/fetch.ts'
import { OPENAI_CLOSES } from '#lib/providers/openai-deprecation.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { wasRejected } from '#lib/providers/request.ts'
import { type Reservation, release, reserve } from '#lib/providers/spend.ts'
import { type FrozenData, freezeData } from './freeze-data.ts'
import { refuseShutDown, refuseUnlearnable, reservationFor } from './launch-checks.ts'
import { viewJob } from './list.ts'
import { asSent } from './match-remote-job.ts'
import { adopt } from './reconcile.ts'
import { requestOf } from './request.ts'
import type { Job, JobDraft } from './schema.ts'
import { expectUnmoved, settleSplits, type Used } from './split-lock-store.ts'
import {
  earliestOf,
  findJob,
  insertJob,
  type JobRecord,
  markUnknown,
  maybeJob,
  type NewJob,
  renewJob,
  updateJob,
  withdrawJob,
} from './store.ts'
import { RemoteJob } from './wire.ts'

/** The newer settings of a trainer, too, are as if they did not exist where they are not set. */
const known = ({ launcher, devices, ...tuning }: NonNullable<JobDraft['tuning']>) => ({
  ...tuning,
  ...(launcher === null ? {} : { launcher }),
  ...(devices === null ? {} : { devices }),
})

/** The confirmed sum is no part of what is asked for; a setting of null is as if there were no such setting. */
function hashOf(draft: JobDraft): string {
  const { id: _, confirmed: __, patience, beta, tuning, learningRate, tier, version, ...request } = draft
  const later = Object.entries({
    patience,
    beta,
    tuning: tuning && known(tuning),
    learningRate,
    tier,
    version,
  })
  const set = Object.fromEntries(later.filter(([, value]) => value !== null))
  return createHash('sha256')
    .update(JSON.stringify({ ...request, ...set }))
    .digest('hex')
}

/**
 * The job that the draft's id already stands for; a refused one may be changed and sent again.
 * @throws AppError conflict when it stands for another request
 */
async function alreadyKnown(draft: JobDraft, db?: Db): Promise<JobRecord | undefined> {
  const known = await maybeJob(draft.id, db)
  if (!known || known.launch === 'refused') return
  if (known.request_hash === hashOf(draft) && known.launch !== 'deleted') return known
  throw new AppError('conflict', 'jobs.idTaken')
}

async function intentOf(draft: JobDraft, version: DatasetVersion): Promise<NewJob & Used> {
  const training = draft.training.datasetId
  const at = { id: training, revision: version.revision }
  const [systemPrompt, question] = await Promise.all([
    trainingSystemPrompt(training, at),
    heldOutQuestion(training, at),
  ])
  const now = Date.now()
  return {
    id: draft.id,
    provider_id: draft.providerId,
    launch: 'intent',
    request_hash: hashOf(draft),
    request_json: JSON.stringify(draft),
    dataset_id: training,
    dataset_version_id: version.id,
    validation_dataset_id: draft.validation?.datasetId ?? null,
    system_prompt: systemPrompt,
    question,
    status: 'preparing',
    model: draft.model,
    suffix: draft.suffix || null,
    start: startId(),
    created_at: now,
    updated_at: now,
  }
}

/**
 * Writes the intent, reserves its cost and locks the split: all or nothing.
 * @returns the job that was written for the same draft meanwhile, if one was
 * @throws AppError over_cap, needs_confirmation; conflict when frozen rows have changed sides
 */
const writeIntent = (
  draft: JobDraft,
  intent: NewJob & Used,
  pinned: FrozenData,
  reservation: Reservation,
): Promise<JobRecord | undefined> =>
  inTransaction(async (db) => {
    const known = await alreadyKnown(draft, db)
    if (known) return known
    await expectUnmoved(pinned, intent, db)
    await reserve(reservation, db)
    await ((await maybeJob(draft.id, db)) ? renewJob : insertJob)(intent, db)
    await settleSplits(intent, db)
  })

/**
 * Takes back an intent that led to nothing, with its reservation.
 * @returns false when the job has been seen at the provider meanwhile, whatever the answer said
 */
const withdraw = (id: string): Promise<boolean> =>
  inTransaction(async (db) => {
    const job = await findJob(id, db)
    if (job.remote_id !== null) return false
    await withdrawJob(id, db)
    await settleSplits(job, db)
    await release(id, db)
    return true
  })

/** A rejection with advice, and the provider's own words beside it. */
async function explained({ providerId, model }: JobDraft, thrown: unknown): Promise<unknown> {
  if (isDailyLimit(thrown))
    return noteDailyLimit(
      { providerId, model },
      thrown,
      await earliestOf({ providerId, model }, Date.now() - DAY),
    )
  if (!(thrown instanceof APIError) || thrown.code !== 'training_not_available') return thrown
  return new AppError(
    'forbidden',
    ['providers.closed', { date: OPENAI_CLOSES, said: failure(thrown).message }],
    {
      facts: { status: 403, providerCode: 'training_not_available' },
      cause: thrown,
    },
  )
}

/**
 * The one POST. A rejection takes the intent back; after a lost answer the job is unknown, to be looked up and never
 * sent again.
 */
async function send(draft: JobDraft, request: JobCreateParams): Promise<void> {
  await updateJob(draft.id, { launch: 'sent', request_json: asSent(draft, request) })
  try {
    const answer = await client(draft.providerId).fineTuning.jobs.create(request, { signal: briefly() })
    await adopt(draft.id, RemoteJob.parse(answer))
  } catch (thrown) {
    if (wasRejected(thrown, 'job') && (await withdraw(draft.id))) {
      await noteRefusal(draft.providerId, thrown)
      throw await explained(draft, thrown)
    }
    await markUnknown(draft.id)
  }
}

/**
 * Launches a job: its rows frozen as a version, the intent with its reservation, the upload, exactly one creation. The
 * same draft sent twice is the same job.
 * @returns the job; with `launch: 'unknown'` when the provider's answer was lost
 * @throws AppError conflict for other settings under the same id; rate_limited when this model's jobs of the day are
 * used up; over_cap or needs_confirmation; invalid for a base model that was shut down, and for rows that the model
 * cannot learn from; the provider's error, when it certainly did nothing
 */
export async function launchJob(draft: JobDraft): Promise<Job> {
  endpoint(draft.providerId)
  if (await alreadyKnown(draft)) return viewJob(draft.id)
  await refuseDuringBackoff(draft.providerId)
  await refuseOverDailyLimit(draft.providerId, draft.model)
  await refuseShutDown(draft)
  await refuseUnlearnable(draft)
  const pinned = await freezeData(draft)
  const [intent, reservation] = await Promise.all([
    intentOf(draft, pinned.training),
    reservationFor(draft, pinned),
  ])
  if (await writeIntent(draft, intent, pinned, reservation)) return viewJob(draft.id)
  let request: JobCreateParams
  try {
    request = await requestOf(draft, pinned)
  } catch (thrown) {
    // Nothing that costs has been sent.
    await withdraw(draft.id)
    await noteRefusal(draft.providerId, thrown)
    throw thrown
  }
  await send(draft, request)
  return viewJob(draft.id)
}
