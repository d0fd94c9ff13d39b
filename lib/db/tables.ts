import type { Generated } from 'kysely'

/**
 * The studio's tables, one interface each. Times are milliseconds since 1970, booleans 0 or 1,
 * `*_json` columns hold JSON text. Files (imported bytes) live on the disk, named by their SHA-256.
 */
export interface StudioTables {
  datasets: DatasetsTable
  dataset_rows: DatasetRowsTable
  uploads: UploadsTable
  jobs: JobsTable
  job_states: JobStatesTable
  job_events: JobEventsTable
  job_checkpoints: JobCheckpointsTable
}

interface DatasetsTable {
  id: string
  name: string
  /** Which shipped sample this is, so that a deleted one is not made again. */
  sample: string | null
  /** Grows with every change of the dataset or of one of its rows. */
  revision: number
  /** Counts and verdict as of `summary_revision`, so that the list reads one table. */
  summary_json: string | null
  summary_revision: number | null
  created_at: number
  updated_at: number
  deleted_at: number | null
}

/** A physical line: bytes of an imported blob, or `line` once a person wrote or edited it. */
interface DatasetRowsTable {
  id: string
  dataset_id: string
  position: number
  split: string
  blob: string | null
  offset: number | null
  length: number | null
  line: string | null
  /** All tokens and the trained ones by OpenAI's encoding; null until counted, 0 for what is no example. */
  tokens: number | null
  trained_tokens: number | null
  revision: number
  deleted_at: number | null
}

interface UploadsTable {
  provider_id: string
  file_id: string
  dataset_id: string | null
  split: string | null
  filename: string
  bytes: number
  sha256: string
  created_at: number
}

/** A run of ours: the intent is written before anything is sent, and mirrors the provider's job from then on. */
interface JobsTable {
  id: string
  /** Run number, 1, 2, 3 … in order of creation. */
  number: number
  provider_id: string
  /** The provider's own id; null while the answer to the creation is not known. */
  remote_id: string | null
  /** intent → sent → known, or unknown (the answer was lost); found when it was created elsewhere. */
  launch: string
  /** Hash of the request, so that one intent cannot stand for two different requests. */
  request_hash: string
  request_json: string
  dataset_id: string | null
  validation_dataset_id: string | null
  system_prompt: string | null
  question: string | null
  /** The provider's own word, also when we do not know it. */
  status: string
  model: string
  suffix: string | null
  fine_tuned_model: string | null
  /** The provider's job object as last served. */
  job_json: string | null
  /** Points of the result file, kept where the provider's events had no numbers. */
  result_json: string | null
  error_json: string | null
  /** Latest training loss and at most 64 points of the curve, kept here so that the list reads one table. */
  last_loss: number | null
  curve_json: string | null
  step: number | null
  total_steps: number | null
  trained_tokens: number | null
  created_at: number
  updated_at: number
  finished_at: number | null
  /** Grows with every change a page must hear of: the cursor of the event stream. */
  change: number
}

/** When the run was first seen in each status. */
interface JobStatesTable {
  job_id: string
  status: string
  at: number
}

interface JobEventsTable {
  /** Order of arrival, which is the order of the event stream. */
  seq: Generated<number>
  job_id: string
  id: string
  created_at: number
  level: string
  type: string | null
  message: string
  data_json: string | null
}

interface JobCheckpointsTable {
  job_id: string
  id: string
  step: number
  model: string
  metrics_json: string
  created_at: number
}
