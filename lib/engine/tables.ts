import type { Generated } from 'kysely'
import type { Objective } from './model/defaults.ts'
import type { WireFile, WireStatus } from './wire.ts'

/**
 * The engine's tables. Times are milliseconds since 1970, booleans 0 or 1, `*_json` columns hold JSON text.
 * `seq` is the order of creation, used by lists and cursors.
 */
export interface EngineTables {
  files: FilesTable
  uploads: UploadsTable
  parts: PartsTable
  jobs: JobsTable
  events: EventsTable
  checkpoints: CheckpointsTable
  speeds: SpeedsTable
  trl_measures: TrlMeasuresTable
  deleted: DeletedTable
}

/** The content is on disk under the id. */
export interface FilesTable {
  seq: Generated<number>
  id: string
  filename: string
  purpose: WireFile['purpose']
  bytes: number
  created_at: number
}

/** A file that is sent in parts. */
export interface UploadsTable {
  id: string
  filename: string
  purpose: WireFile['purpose']
  /** Of the whole file, as announced. */
  bytes: number
  status: 'pending' | 'completed' | 'cancelled'
  created_at: number
  expires_at: number
}

/** The content is on disk under the id, until the upload is completed or cancelled. */
export interface PartsTable {
  id: string
  upload_id: string
  bytes: number
  created_at: number
}

export type JobStatus = WireStatus

/** Statuses of a job that may still train: its base model is needed, and it can be cancelled. */
export const UNFINISHED: JobStatus[] = ['validating_files', 'queued', 'running', 'pausing', 'paused']

export type TrainerName = 'onnx' | 'trl'

/** Where trl trains: on this computer, or on a Ray cluster. */
export type LauncherName = 'local' | 'ray'

/** What a job may ask to be trained; `qlora`: an adapter over weights of 4 bits. */
export type Tuning = 'full' | 'lora' | 'qlora'

export interface JobsTable {
  seq: Generated<number>
  id: string
  status: JobStatus
  status_times_json: string
  /** Resolved name of the base model. */
  model: string
  training_file: string
  validation_file: string | null
  method: 'full' | 'lora'
  /** Of the frozen weights while it trains. */
  quantization: 'nf4' | null
  objective: Objective
  /** For these three, and beta, null means "auto" until the files are validated. */
  epochs: number | null
  batch_size: number | null
  learning_rate_multiplier: number | null
  /** Always null for a supervised job. */
  beta: number | null
  suffix: string
  seed: number
  metadata_json: string | null
  created_at: number
  finished_at: number | null
  estimated_finish: number | null
  step: number | null
  total_steps: number | null
  /** Since when it does not train; only after its first step. `paused_ms` holds the pauses before. */
  paused_at: number | null
  paused_ms: Generated<number>
  /** Early stopping: full validations in a row that may be no better than the best; null: not asked for. */
  patience: number | null
  /** Most tokens that are read of a row; null: as many as the model can read. */
  max_length: number | null
  /** Tokens of its longest row, as its bytes suggest; null until the files are validated, and for the built-in trainer. */
  longest_row: number | null
  /** AdamW's, 0 to 1. */
  weight_decay: Generated<number>
  /** The checkpoint with the lowest loss on the whole validation file. */
  best_step: number | null
  best_loss: number | null
  /** The step that the fine-tuned model is from. */
  final_step: number | null
  trainer: Generated<TrainerName>
  launcher: Generated<LauncherName>
  /** GPUs, or processes on a cluster without any, that it asks for; null: as many as are idle, on a cluster one. */
  devices: number | null
  /** A ClusterKind, of a job on a cluster. */
  cluster_json: string | null
  /** What its trainer has told of itself: a WireRun; null before, and always of the built-in one. */
  run_json: string | null
  /** Number of the trainer's last report that has been stored; 0 where reports have none. */
  reports_seen: Generated<number>
  /** How often its process crashed and was restarted. */
  restarts: number
  fine_tuned_model: string | null
  trained_tokens: number | null
  result_file: string | null
  error_json: string | null
  idempotency_key: string | null
  request_hash: string
}

/** Immutable once written: events that a resumed job repeats are skipped. */
export interface EventsTable {
  seq: Generated<number>
  id: string
  job_id: string
  /** Unique per job: `step:12`, `checkpoint:80`. Null: the event may occur more than once. */
  topic: string | null
  created_at: number
  level: 'info' | 'warn' | 'error'
  type: 'message' | 'metrics'
  message: string
  data_json: string
}

/** A durable folder `checkpoint-N` in the job's folder. */
export interface CheckpointsTable {
  seq: Generated<number>
  id: string
  job_id: string
  step: number
  folder: string
  /** Model name for chat and further training; null until the job has ended, and hidden from API callers until then. */
  model: string | null
  metrics_json: string
  created_at: number
  /** 1 for the fine-tuned model, 0 for an intermediate checkpoint. */
  final: number
}

/** Id and `seq` of rows deleted from another table; filled by triggers. */
interface DeletedTable {
  id: string
  seq: number
}

/** The latest measured training throughput of a base model. */
interface SpeedsTable {
  base: string
  method: 'full' | 'lora'
  tokens_per_second: number
  measured_at: number
}

/** What jobs of trl have taught; see trainers/trl-measures.ts. */
interface TrlMeasuresTable {
  base: string
  method: Tuning
  objective: Objective
  device: string
  tokens_per_second: number | null
  memory_factor: number | null
  measured_at: number
}
