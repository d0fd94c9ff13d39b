import { ProviderId } from '#lib/providers/schema.ts'
import type { CheckpointRecord, EventRecord } from './history-store.ts'
import type { Checkpoint, Job, JobEvent, JobFailure, ModelScore } from './schema.ts'
import { JobDraft, JobScore, Launch } from './schema.ts'
import { type MetricsEvent, pointsOf, stepOf } from './series.ts'
import type { Point } from './series-schema.ts'
import type { JobRow } from './store.ts'
import { syncErrorOf } from './sync-error.ts'
import { StepData } from './wire.ts'

const parse = (json: string | null): unknown => (json === null ? null : JSON.parse(json))

const versionOf = ({ dataset_version_id: id, version_number, version_name }: JobRow) =>
  id === null || version_number === null ? null : { id, number: version_number, name: version_name }

/** The cost, or the reservation; a job on this computer costs nothing. */
function costOf({ spent, reserved, provider_id }: JobRow): number | null {
  const sum = spent ?? reserved
  return sum === null ? (provider_id === 'embedded' ? 0 : null) : Number(sum)
}

/** Of the model that the job ended with; a provider may have no checkpoint by its name. */
function scoreOf({ scores_json, fine_tuned_model }: JobRow): JobScore | null {
  const scores = (parse(scores_json) as ModelScore[] | null) ?? []
  const score = scores.find(({ model }) => model === fine_tuned_model)
  return score ? JobScore.parse(score) : null
}

/** A job's row as the API returns it. */
export function asJob(row: JobRow): Job {
  return {
    id: row.id,
    number: row.number,
    providerId: ProviderId.parse(row.provider_id),
    remoteId: row.remote_id,
    launch: Launch.parse(row.launch),
    status: row.status,
    model: row.model,
    suffix: row.suffix,
    name: row.name,
    note: row.note,
    tags: JSON.parse(row.tags_json) as string[],
    archivedAt: row.archived_at === null ? null : Number(row.archived_at),
    fineTunedModel: row.fine_tuned_model,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    datasetVersion: versionOf(row),
    lastLoss: row.last_loss,
    curve: (parse(row.curve_json) as number[] | null) ?? [],
    step: row.step,
    totalSteps: row.total_steps,
    trainedTokens: row.trained_tokens,
    bestValid: row.best_valid,
    bestValidStep: row.best_valid_step,
    score: scoreOf(row),
    runningAt: row.running_at === null ? null : Number(row.running_at),
    cost: costOf(row),
    error: parse(row.error_json) as JobFailure | null,
    trouble: syncErrorOf(row),
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    change: row.change,
  }
}

export const asMetricsEvent = ({ message, data_json, created_at }: EventRecord): MetricsEvent => ({
  message,
  data: parse(data_json),
  at: Number(created_at),
})

export const asEvent = (row: EventRecord): JobEvent => ({
  seq: row.seq,
  id: row.id,
  createdAt: row.created_at,
  level: row.level,
  type: row.type,
  message: row.message,
  step: row.type === 'metrics' ? (stepOf(asMetricsEvent(row))?.step ?? null) : null,
})

export const asPoints = (rows: EventRecord[]): Point[] => pointsOf(rows.map(asMetricsEvent))

export function asCheckpoint(row: CheckpointRecord): Checkpoint {
  const metrics = StepData.parse(parse(row.metrics_json))
  return {
    id: row.id,
    step: row.step,
    model: row.model,
    trainLoss: metrics.train_loss ?? null,
    validLoss: metrics.full_valid_loss ?? metrics.valid_loss ?? null,
    accuracy: metrics.train_mean_token_accuracy ?? null,
    createdAt: row.created_at,
  }
}

/** Which split of its dataset one of our own jobs was given. */
export function splitOf(requestJson: string): 'train' | 'heldout' {
  const request = parse(requestJson) as Partial<JobDraft> | null
  return request?.training?.split ?? 'train'
}

/** Hyperparameters that our draft left to the provider. */
export function automaticInDraft(requestJson: string): string[] {
  const draft = JobDraft.pick({ hyperparameters: true, beta: true, learningRate: true }).safeParse(
    parse(requestJson),
  )
  if (!draft.success) return []
  const { hyperparameters, beta, learningRate } = draft.data
  return Object.entries({ ...hyperparameters, beta: beta ?? 'auto', learningRate: learningRate ?? 'auto' })
    .filter(([, value]) => value === 'auto')
    .map(([name]) => name)
}

/** Trainer, method and length that our draft asked for. */
export const tuningInDraft = (requestJson: string): JobDraft['tuning'] =>
  JobDraft.pick({ tuning: true }).safeParse(parse(requestJson)).data?.tuning ?? null
