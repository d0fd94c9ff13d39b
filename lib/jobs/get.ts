import { memoize } from '#lib/core/memoize.ts'
import type { Split } from '#lib/datasets/schema.ts'
import { datasetName } from '#lib/datasets/store.ts'
import { type SplitFacts, splitFacts } from '#lib/datasets/versions-store.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { curveFacts, pace, pointCount } from './curve-store.ts'
import { cutRows } from './cut.ts'
import { diagnose, stepsPerEpoch } from './diagnosis.ts'
import { withFailedLine } from './failed-line.ts'
import { heldOutRewards } from './held-out-rewards.ts'
import { checkpointsOf, eventFacts, statesOf } from './history-store.ts'
import { ms } from './remote.ts'
import type { Job, JobDetail, JobRun } from './schema.ts'
import { findJob, findJobRow, type JobRow } from './store.ts'
import { pointAt } from './sync-store.ts'
import { asCheckpoint, asJob, automaticInDraft, splitOf, tuningInDraft } from './view.ts'
import { automaticInRemote, hyperparametersOf, isPreference, RemoteJob } from './wire.ts'

/** ms at the end of a job that its speed is taken from. */
const RECENT = 15_000

/** Every tab of a job asks for the same: built once per change. */
const recent = memoize<JobDetail>(32)

/** The content of a version never changes. */
const recentData = memoize<SplitFacts | null>(32)

interface Speed {
  job: Job
  data: SplitFacts | null
  perEpoch: number | null
}

/** From the tokens counted here: a provider reports its own count only at the end. */
async function tokensPerSecond({ job, data, perEpoch }: Speed): Promise<number | null> {
  const { trainedTokens, runningAt, finishedAt } = job
  if (trainedTokens && runningAt && finishedAt && finishedAt > runningAt)
    return (trainedTokens * 1000) / (finishedAt - runningAt)
  const going = data && perEpoch ? await pace(job.id, RECENT) : null
  return going && data && perEpoch ? ((going.steps * 1000) / going.ms) * (data.tokens / perEpoch) : null
}

/** What the verdict on preference pairs is based on; null for a job on other rows. */
async function pairsOf(row: JobRow, remote: RemoteJob | null, heldOut: SplitFacts | null) {
  if (remote === null || !isPreference(remote)) return null
  // Another dataset's version is not known.
  const isOwn = row.validation_dataset_id !== null && row.validation_dataset_id === row.dataset_id
  return { heldOut: isOwn ? (heldOut?.rows ?? null) : null, rewards: await heldOutRewards(row.id) }
}

const dataOf = (versionId: string | null, split: Split): Promise<SplitFacts | null> =>
  recentData(`${versionId} ${split}`, () => splitFacts(versionId, split))

/** What only our engine tells. */
const ownFacts = (remote: RemoteJob | null) => {
  const { best, early_stopping, final_step, paused_ms } = remote?.limerick ?? {}
  return {
    patience: early_stopping?.patience ?? null,
    best: best ? { step: best.step, loss: best.full_valid_loss } : null,
    finalStep: final_step ?? null,
    pausedMs: paused_ms ?? 0,
  }
}

/** How our engine trains it; jobs of an older engine do not say. */
function runOf(remote: RemoteJob | null): JobRun | null {
  const { trainer, launcher, method, max_length, run } = remote?.limerick ?? {}
  if (!trainer || !method) return null
  const { versions, devices, memory, doing } = run ?? {}
  return {
    ...{ trainer, launcher: launcher ?? 'local', method, maxLength: max_length ?? null },
    ...{ versions: versions ?? {}, doing: doing ?? null },
    devices: devices?.map(({ name }) => name) ?? [],
    memory: memory ? { estimate: memory.estimate ?? null, measured: memory.measured ?? null } : null,
  }
}

async function detailOf(jobId: string, row: JobRow): Promise<JobDetail> {
  const { job_json, request_json } = await findJob(jobId)
  const remote = job_json === null ? null : RemoteJob.parse(JSON.parse(job_json))
  const [states, checkpoints, validationDatasetName, { count }, points, curve, data, heldout, cuts] =
    await Promise.all([
      statesOf(jobId),
      checkpointsOf(jobId),
      row.validation_dataset_id && datasetName(row.validation_dataset_id),
      eventFacts(jobId),
      pointCount(jobId),
      curveFacts(jobId),
      dataOf(row.dataset_version_id, splitOf(request_json)),
      dataOf(row.dataset_version_id, 'heldout'),
      cutRows(jobId),
    ])
  const listed = asJob(row)
  const job = { ...listed, error: await withFailedLine(row, request_json, listed.error) }
  const set = remote
    ? hyperparametersOf(remote)
    : { nEpochs: null, batchSize: null, learningRateMultiplier: null, learningRate: null, beta: null }
  const pairs = await pairsOf(row, remote, heldout)
  const auto = [...automaticInDraft(request_json), ...(remote ? automaticInRemote(remote) : [])]
  const { absoluteRate } = capabilitiesOf(job.providerId)
  // A provider takes the rate, or a multiple of its default.
  const otherRate = absoluteRate ? 'learningRateMultiplier' : 'learningRate'
  const perEpoch = stepsPerEpoch(job.totalSteps, set.nEpochs)
  const rows = data?.rows ?? null
  return {
    ...job,
    states,
    checkpoints: checkpoints.map(asCheckpoint),
    lastAccuracy: (await pointAt(jobId, row.step))?.accuracy ?? null,
    pointCount: points,
    diagnosis: diagnose(
      { status: job.status, launch: job.launch, rows, stepsPerEpoch: perEpoch, pairs },
      curve,
    ),
    stepsPerEpoch: perEpoch,
    tokensPerSecond: await tokensPerSecond({ job, data, perEpoch }),
    trainRows: rows,
    heldoutRows: heldout?.rows ?? null,
    validationDatasetId: row.validation_dataset_id,
    validationDatasetName,
    hyperparameters: {
      ...set,
      auto: [...new Set(auto.filter((name) => (pairs !== null || name !== 'beta') && name !== otherRate))],
    },
    seed: remote?.seed ?? null,
    ...ownFacts(remote),
    tuning: tuningInDraft(request_json),
    run: runOf(remote),
    trainingFile: remote?.training_file ?? null,
    validationFile: remote?.validation_file ?? null,
    resultFiles: remote?.result_files ?? [],
    providerRaw: remote?.limerick?.provider_raw ?? null,
    estimatedFinish: remote?.estimated_finish ? ms(remote.estimated_finish) : null,
    systemPrompt: row.system_prompt,
    question: row.question,
    cuts,
    eventCount: count,
  }
}

/**
 * A job with everything on its page except the curve, which is asked for as a series.
 * @throws AppError not_found
 */
export async function getJob(jobId: string): Promise<JobDetail> {
  const row = await findJobRow(jobId)
  return recent(`${jobId} ${row.change}`, () => detailOf(jobId, row))
}
