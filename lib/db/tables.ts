import type { Generated, GeneratedAlways } from 'kysely'

/**
 * The studio's tables, one interface each. Times are milliseconds since 1970, booleans 0 or 1,
 * `*_json` columns hold JSON text. Files (imported bytes) are on disk, named by their SHA-256.
 */
export interface StudioTables {
  datasets: DatasetsTable
  dataset_rows: DatasetRowsTable
  dataset_steps: DatasetStepsTable
  dataset_versions: DatasetVersionsTable
  uploads: UploadsTable
  jobs: JobsTable
  job_states: JobStatesTable
  job_events: JobEventsTable
  job_checkpoints: JobCheckpointsTable
  job_points: JobPointsTable
  job_tags: JobTagsTable
  connections: ConnectionsTable
  prices: PricesTable
  chat_prices: ChatPricesTable
  spend_limits: SpendLimitsTable
  spend: SpendTable
  provider_holds: ProviderHoldsTable
  daily_limits: DailyLimitsTable
  comparisons: ComparisonsTable
  answers: AnswersTable
  votes: VotesTable
  evals: EvalsTable
  eval_rows: EvalRowsTable
  eval_cells: EvalCellsTable
  eval_answers: EvalAnswersTable
  eval_fixes: EvalFixesTable
  eval_sweeps: EvalSweepsTable
  aliases: AliasesTable
  alias_history: AliasHistoryTable
  alias_calls: AliasCallsTable
  caller_keys: CallerKeysTable
  door_calls: DoorCallsTable
  deleted_models: DeletedModelsTable
  rescues: RescuesTable
  archive_items: ArchiveItemsTable
  archive_parts: ArchivePartsTable
  saved_views: SavedViewsTable
  waiting_launches: WaitingLaunchesTable
  shutdown_dates: ShutdownDatesTable
}

interface DatasetsTable {
  id: string
  name: string
  /** Key of a shipped sample, so that a deleted one is not created again. */
  sample: string | null
  /** Grows with every change of the dataset or its rows; 0 during its first import. */
  revision: number
  /** The revision that is being written and is not visible yet; null: none. */
  importing: number | null
  /** Number of rows, updated with every step: counting a million rows on each page would be slow. */
  lines: number
  /** The revision at which a job first used it: since then rows keep their split. */
  split_locked: number | null
  /** Report of the checks, and its summary for the list, at `summary_revision`. */
  report_json: string | null
  summary_json: string | null
  summary_revision: number | null
  created_at: number
  updated_at: number
  deleted_at: number | null
  /** null: listed as usual. */
  archived_at: number | null
}

/**
 * A physical line from one revision on: bytes of an imported blob, or `line` if the user wrote it. The text of a record
 * never changes; an edit ends the record and inserts another with the same key.
 */
export interface DatasetRowsTable {
  seq: Generated<number>
  /** The row's stable id. */
  key: string
  dataset_id: string
  position: number
  split: string
  blob: string | null
  offset: number | null
  length: number | null
  line: string | null
  /** The first revision with this record, and the first without it again. */
  since: number
  until: number | null
  /** Version of the rules that checked the line; until then the columns below are null. */
  checked: number | null
  kind: string | null
  /** Tokens and trained tokens by OpenAI's encoding, 0 if the line is not an example. */
  tokens: number | null
  trained_tokens: number | null
  flags: number | null
  language: string | null
  line_hash: number | null
  prompt_hash: number | null
  answer_hash: number | null
  system_hash: number | null
  sketch: Uint8Array | null
  /** Issues of the line alone; null: none. */
  issues_json: string | null
  /** `reviewed` or `rejected`; null: draft. Rejected rows are not sent anywhere. */
  review: string | null
  /** JSON list of words; null: none. */
  tags_json: string | null
  /** For people; null: none. */
  note: string | null
}

/** One change of a dataset, of one row or many. */
interface DatasetStepsTable {
  dataset_id: string
  revision: number
  kind: string
  rows: number
  /** The revision of the step that this one has undone. */
  reverts: number | null
  created_at: number
}

/** A version: an immutable revision. */
interface DatasetVersionsTable {
  id: string
  dataset_id: string
  number: number
  revision: number
  name: string | null
  note: string | null
  sha256: string
  train_rows: number
  heldout_rows: number
  tokens: number
  created_at: number
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

/** A job: the intent is written before anything is sent; afterwards the row mirrors the provider's job. */
interface JobsTable {
  id: string
  /** Job number, 1, 2, 3 … in order of creation. */
  number: number
  provider_id: string
  /** The provider's id; null while the answer to the creation is unknown. */
  remote_id: string | null
  /** intent → sent → known, or unknown (the answer was lost); found: created elsewhere; deleted: only this row is left. */
  launch: string
  /** Hash of the request, so that one intent cannot stand for two different requests. */
  request_hash: string
  request_json: string
  dataset_id: string | null
  /** The version whose rows were sent. */
  dataset_version_id: string | null
  validation_dataset_id: string | null
  system_prompt: string | null
  question: string | null
  /** The provider's status, also one that we do not know. */
  status: string
  model: string
  suffix: string | null
  fine_tuned_model: string | null
  /** The provider's job object as last served. */
  job_json: string | null
  /** Points of the result file, stored if the provider's events had no numbers. */
  result_json: string | null
  error_json: string | null
  /** Latest training loss and at most 64 points of the curve, here so that the list reads one table. */
  last_loss: number | null
  curve_json: string | null
  step: number | null
  total_steps: number | null
  trained_tokens: number | null
  created_at: number
  updated_at: number
  finished_at: number | null
  /** Grows with every change that pages show: the cursor of the event stream. */
  change: number
  /** Lowest validation loss and its step; on the whole file if that was measured. */
  best_valid: number | null
  best_valid_step: number | null
  /** When training itself began; null: never, or not reported by the provider. */
  running_at: number | null
  /** Error of the latest sync with the provider; null: none. */
  trouble_json: string | null
  /** Id of the start of the studio that wrote the intent. */
  start: string | null
  /** Held-out scores of its models, by step. */
  scores_json: string | null
  /** Of its final model, between 0 and 1. */
  score: number | null
  /** Given by the user. */
  name: string | null
  note: string | null
  archived_at: number | null
}

/** When the job was first seen in each status. */
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

/** One step of a curve; later reports fill missing values. */
interface JobPointsTable {
  job_id: string
  step: number
  /** Time of its event; null: only in the result file. */
  at: number | null
  /** The event with these values; it may have more. */
  event_id: string | null
  train_loss: number | null
  valid_loss: number | null
  full_valid_loss: number | null
  accuracy: number | null
  valid_accuracy: number | null
  full_valid_accuracy: number | null
  /** 1: the provider reported a training loss that is not a number. */
  not_a_number: number | null
}

/** Filters, order and search of a list, as in its address. */
interface SavedViewsTable {
  id: string
  list: string
  name: string
  query: string
  created_at: number
}

interface ShutdownDatesTable {
  what: string
  /** YYYY-MM-DD */
  date: string
}

interface WaitingLaunchesTable {
  /** Of the job that it becomes. */
  id: string
  draft_json: string
  /** The versions of its data when it began to wait, with commas. */
  version_ids: string
  /** ms; the next try. */
  at: number
  /** Why it will not be tried again. */
  error_json: string | null
  created_at: number
}

interface JobTagsTable {
  job_id: string
  tag: string
}

/** Limits of a provider in micro-dollars; null: none. */
interface SpendLimitsTable {
  provider_id: string
  monthly_cap: number | null
  confirm_above: number | null
}

/** One paid request: the reservation before it was sent, and its cost. */
interface SpendTable {
  /** The job's id, or a new id. */
  id: string
  provider_id: string
  kind: string
  /** Micro-dollars per million trained tokens when it was sent; null: not billed by trained tokens. */
  per_million: number | null
  reserved: number
  /** Micro-dollars; null: not settled yet. */
  spent: number | null
  created_at: number
  settled_at: number | null
  /** Id of the start of the studio that reserved it. */
  start: string | null
}

/** Prices of answers, set by the user. */
interface ChatPricesTable {
  provider_id: string
  model: string
  /** Micro-dollars per million tokens. */
  input: number
  cached_input: number | null
  output: number
  as_of: string
  source: string
}

/** Models for which a provider accepts no more jobs until a time. */
interface DailyLimitsTable {
  provider_id: string
  /** Hash of address and key. */
  account: string
  model: string
  /** The provider's message. */
  message: string
  /** ms; the earliest known job of that day. */
  earliest: number
  until: number
}

/** Backoffs: providers that get no requests for now, while their address and key stay the same. */
interface ProviderHoldsTable {
  provider_id: string
  /** Hash of address and key. */
  account: string
  reason: string
  message: string
  /** ms; null: until the user tries again. */
  until: number | null
  since: number
}

/** A question asked to several models at once. */
interface ComparisonsTable {
  id: string
  /** The job that was shown. */
  job_id: string | null
  blind: number
  /** The user's last message, for the list. */
  question: string
  request_json: string
  /** For each place on the page the index of its pane in the request; shuffled in blind comparisons. */
  order_json: string
  created_at: number
}

interface AnswersTable {
  comparison_id: string
  /** From 0, in the order of the page. */
  place: number
  /** From 0; several samples show the variation. */
  sample: number
  provider_id: string
  model: string
  /** Number of few-shot examples in its prompt. */
  few_shot: number
  /** finished, interrupted, stopped or failed. */
  state: string
  text: string
  facts_json: string | null
  error_json: string | null
  ended_at: number
  /** Its tokens with their probabilities; null: the provider told none. */
  tokens_json: string | null
}

interface VotesTable {
  comparison_id: string
  sample: number
  /** The place of the better answer; null for a tie. */
  winner: number | null
  /** 1: the model names were hidden when it was cast. */
  blind: number
  created_at: number
  /** null: it counts. A vote that was taken back has still shown the names of a blind comparison. */
  withdrawn_at: number | null
}

/** Prices of training, set by the user. */
/** Providers that were added in the studio; address and key never change. */
interface ConnectionsTable {
  id: string
  kind: string
  name: string
  address: string
  /** Whether it may be on this computer or in the user's network. */
  nearby: number
  /** The key, encrypted; null for a server without one, and once removed. */
  sealed: string | null
  /** The key file that opens it. */
  sealed_by: string | null
  /** The key's last four characters. */
  key_end: string | null
  created_at: number
  removed_at: number | null
  /** Names of deployments by model, as an object. */
  deployments_json: Generated<string>
}

interface PricesTable {
  provider_id: string
  /** A model's name, or a prefix of several. */
  model: string
  /** Micro-dollars per million trained tokens. */
  per_million: number
  /** YYYY-MM-DD */
  as_of: string
  source: string
}

/** Evaluations: rows that several models answer, and the graders. */
interface EvalsTable {
  id: string
  dataset_id: string
  /** null: rows without a version; `revision` identifies them either way. */
  version_id: string | null
  revision: number
  split: string
  job_id: string | null
  /** 1: the studio began it automatically when a job had ended. */
  sweep: number
  request_hash: string
  request_json: string
  /** The columns, and the few-shot examples in their prompts. */
  columns_json: string
  shots_json: string
  /** running, paused, stopped, failed or done. */
  state: string
  /** Error of a failed evaluation. */
  error_json: string | null
  pauses_json: string
  /** Micro-dollars per provider that the user has confirmed. */
  confirmed: number | null
  created_at: number
  finished_at: number | null
}

/** A row of an evaluation, or why it was excluded. */
interface EvalRowsTable {
  eval_id: string
  /** Index among the rows of its split, from 0. */
  place: number
  key: string
  question: string | null
  messages_json: string
  expected: string
  /** Reason; null: not excluded. */
  excluded: string | null
}

interface EvalCellsTable {
  eval_id: string
  place: number
  column_index: number
  /** SHA-256 of all inputs of the answer. */
  hash: string
  /** waiting, asked, answered, interrupted, failed, lost or skipped. */
  state: string
  answer_id: string | null
  from_cache: number
  /** null: not graded yet. */
  grades_json: string | null
  /** Computed from the grades: 1 when all pass, 0 when one does not, else null. */
  passed: GeneratedAlways<number | null>
}

/** One request for an answer: written before it is sent, never deleted. Times in ms, cost in micro-dollars. */
interface EvalAnswersTable {
  id: string
  hash: string
  /** The evaluation that sent it. */
  eval_id: string
  provider_id: string
  model: string
  /** asked, answered, interrupted, failed or lost. */
  state: string
  text: string
  finish_reason: string | null
  prompt_tokens: number | null
  cached_tokens: number | null
  completion_tokens: number | null
  first_token_ms: number | null
  total_ms: number | null
  reported_model: string | null
  request_id: string | null
  cost: number | null
  error_json: string | null
  asked_at: number
  ended_at: number | null
  /** Of a recording: its tokens with their probabilities; null: the provider told none. */
  tokens_json: string | null
}

/** A corrected answer, and the training row with it. */
interface EvalFixesTable {
  id: string
  eval_id: string
  dataset_id: string
  row_key: string
  written_key: string
  answer: string
  reason: string
  /** The dataset's new revision. */
  revision: number
  created_at: number
}

/** A job whose evaluation is being created; deleted afterwards. At startup a leftover row means a crash in between. */
interface EvalSweepsTable {
  job_id: string
  begun_at: number
}

/** Alias: a model name for programs, and its model. */
interface AliasesTable {
  name: string
  provider_id: string
  model: string
  created_at: number
  updated_at: number
}

/** One change of an alias; `from` is null in the first, `to` in the removal. */
interface AliasHistoryTable {
  seq: Generated<number>
  alias: string
  /** pointed, rolled_back or removed. */
  kind: string
  who: string
  at: number
  /** Empty: no reason given. */
  why: string
  from_provider_id: string | null
  from_model: string | null
  to_provider_id: string | null
  to_model: string | null
}

/** Number of calls of an alias, and the last one: old calls are deleted from the log. */
interface AliasCallsTable {
  alias: string
  calls: number
  last_at: number
}

/** API key of a program for `/v1`. */
interface CallerKeysTable {
  id: string
  name: string
  /** SHA-256 as hex; the key itself is never stored. */
  hash: string
  /** Its first characters, to recognise it. */
  prefix: string
  created_at: number
  last_used_at: number | null
  calls: Generated<number>
  revoked_at: number | null
}

/** Log of calls to `/v1`; old ones are deleted. Times in ms, cost in micro-dollars. */
interface DoorCallsTable {
  id: string
  key_id: string
  /** null: called by the model's name. */
  alias: string | null
  provider_id: string
  model: string
  /** The model's name in the provider's answer. */
  reported_model: string | null
  /** finished, interrupted, stopped (by the caller), failed or refused (nothing was sent). */
  outcome: string
  /** HTTP status that the caller got; null: it disconnected before. */
  status: number | null
  finish_reason: string | null
  prompt_tokens: number | null
  completion_tokens: number | null
  /** 1: tokens were estimated from characters. */
  estimated: number
  cost: number | null
  first_token_ms: number | null
  total_ms: number
  at: number
}

/** Models that the user deleted in the studio. */
interface DeletedModelsTable {
  provider_id: string
  model: string
  at: number
}

/** The rescue of a provider: the copy of everything that the account has there. */
interface RescuesTable {
  provider_id: string
  /** running, stopped (by the user), failed or done. */
  state: string
  /** Error of a failed rescue. */
  error_json: string | null
  started_at: number
  ended_at: number | null
}

/** One thing of an account at a provider, with what became of it here: its receipt. */
interface ArchiveItemsTable {
  /** In the order in which they were found. */
  seq: Generated<number>
  provider_id: string
  /** list, job, events, checkpoints, file or model. */
  kind: string
  remote_id: string
  /** Hash of the address and key that it was last seen with. */
  account: string
  /** Its name, for people; the parts have everything. */
  facts_json: string | null
  /** 1: the rescue has still to ask for it. */
  due: number
  /** 1: it cannot change any more, so it is not asked for again. */
  final: number
  /** When its bytes were first here as they are; null: they are not here. */
  saved_at: number | null
  /** When it was last asked for. */
  checked_at: number | null
  /** Why the last answer brought nothing; null: it did. */
  reason: string | null
  error_json: string | null
}

/** Bytes of an item: the file of that hash in the archive folder. */
interface ArchivePartsTable {
  item: number
  /** From 0, in the order in which they came. */
  place: number
  sha256: string
  bytes: number
}
