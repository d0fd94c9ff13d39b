import type { Generated } from 'kysely'
import type { FineTuningJob } from 'openai/resources/fine-tuning/jobs'
import type { WireFile } from './wire.ts'

/**
 * The engine's tables. Times are milliseconds since 1970, booleans 0 or 1, `*_json` columns hold JSON text.
 * `seq` is the order of creation, which lists and cursors follow.
 */
export interface EngineTables {
  files: FilesTable
  jobs: JobsTable
  events: EventsTable
  checkpoints: CheckpointsTable
  speeds: SpeedsTable
  deleted: DeletedTable
}

/** The bytes lie on the disk under the id. */
export interface FilesTable {
  seq: Generated<number>
  id: string
  filename: string
  purpose: WireFile['purpose']
  bytes: number
  created_at: number
}

export type JobStatus = FineTuningJob['status']

export interface JobsTable {
  seq: Generated<number>
  id: string
  status: JobStatus
  status_times_json: string
  /** Resolved name of the model to start from. */
  model: string
  training_file: string
  validation_file: string | null
  method: 'full' | 'lora'
  /** These three: null means "auto", until the files are validated. */
  epochs: number | null
  batch_size: number | null
  learning_rate_multiplier: number | null
  suffix: string
  seed: number
  metadata_json: string | null
  created_at: number
  finished_at: number | null
  estimated_finish: number | null
  step: number | null
  total_steps: number | null
  /** How often its process died and was started again. */
  restarts: number
  fine_tuned_model: string | null
  trained_tokens: number | null
  result_file: string | null
  error_json: string | null
  idempotency_key: string | null
  request_hash: string
}

/** Never changed once written: what a resumed run says again is not written again. */
export interface EventsTable {
  seq: Generated<number>
  id: string
  job_id: string
  /** What the event is about, once per job: `step:12`, `checkpoint:80`. Null: may happen more than once. */
  topic: string | null
  created_at: number
  level: 'info' | 'warn' | 'error'
  type: 'message' | 'metrics'
  message: string
  data_json: string
}

/** A durable folder `checkpoint-N` inside the job's. */
export interface CheckpointsTable {
  seq: Generated<number>
  id: string
  job_id: string
  step: number
  folder: string
  /** Name to chat and to train further with; null until the job has ended, for so long nobody else sees it. */
  model: string | null
  metrics_json: string
  created_at: number
  /** The result of the whole job, not a snapshot on the way. */
  final: number
}

/** What was deleted from another table, and its `seq` there; triggers fill it. */
interface DeletedTable {
  id: string
  seq: number
}

/** The latest measurement of how fast a base model is trained. */
interface SpeedsTable {
  base: string
  method: 'full' | 'lora'
  tokens_per_second: number
  measured_at: number
}
