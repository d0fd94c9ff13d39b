import type { Generated, GeneratedAlways } from 'kysely'

/**
 * The studio's tables, one interface each. Times are milliseconds since 1970, booleans 0 or 1,
 * `*_json` columns hold JSON text. Files (imported bytes) live on the disk, named by their SHA-256.
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
}

interface DatasetsTable {
  id: string
  name: string
  /** Which shipped sample this is, so that a deleted one is not made again. */
  sample: string | null
  /** Grows with every change of the dataset or of one of its rows; 0 while its first rows are still coming in. */
  revision: number
  /** The revision that is being written, row by row, and is not there yet. */
  importing: number | null
  /** Rows that it has, counted with every step: a page of a million rows must not count them. */
  lines: number
  /** The revision at which a run first used it: from then on rows stay on their side of the split. */
  split_locked: number | null
  /** What the checks say, and the summary of it that the list shows, as of a revision. */
  report_json: string | null
  summary_json: string | null
  summary_revision: number | null
  created_at: number
  updated_at: number
  deleted_at: number | null
}

/**
 * A physical line as it was from one revision on: bytes of an imported blob, or `line` once a person wrote it.
 * A record is never changed, only ended; an edit ends one and begins another under the same key.
 */
export interface DatasetRowsTable {
  seq: Generated<number>
  /** The row's lasting id. */
  key: string
  dataset_id: string
  position: number
  split: string
  blob: string | null
  offset: number | null
  length: number | null
  line: string | null
  /** The first revision that has it, and the first that has it no more. */
  since: number
  until: number | null
  /** By which version of the rules the line was read; what follows is null until then. */
  checked: number | null
  kind: string | null
  /** All tokens and the trained ones by OpenAI's encoding, 0 for what is no example. */
  tokens: number | null
  trained_tokens: number | null
  flags: number | null
  language: string | null
  line_hash: number | null
  prompt_hash: number | null
  answer_hash: number | null
  system_hash: number | null
  sketch: Uint8Array | null
  /** What is wrong with the line alone; null when nothing is. */
  issues_json: string | null
}

/** One change, however many rows it touched. */
interface DatasetStepsTable {
  dataset_id: string
  revision: number
  kind: string
  rows: number
  /** The revision of the step that this one took back. */
  reverts: number | null
  created_at: number
}

/** A name for a revision. */
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
  /** The version that the rows were sent at. */
  dataset_version_id: string | null
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
  /** The least validation loss and its step, on the whole file where it was measured. */
  best_valid: number | null
  best_valid_step: number | null
  /** When training itself began; null where it never did, or its provider did not tell. */
  running_at: number | null
  /** Why the provider could not be asked of late; null while all is well. */
  trouble_json: string | null
  /** Id of the start of the studio that wrote the intent. */
  start: string | null
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

/** One step of a curve, as far as it was told; what comes later fills what was missing. */
interface JobPointsTable {
  job_id: string
  step: number
  /** When its event was made; null for what only the result file holds. */
  at: number | null
  /** The event that told it, which may say more. */
  event_id: string | null
  train_loss: number | null
  valid_loss: number | null
  full_valid_loss: number | null
  accuracy: number | null
  valid_accuracy: number | null
  full_valid_accuracy: number | null
  /** 1 where the provider told a training loss that is no number. */
  not_a_number: number | null
}

/** Limits of a provider in micro-dollars; null: none. */
interface SpendLimitsTable {
  provider_id: string
  monthly_cap: number | null
  confirm_above: number | null
}

/** One thing that costs: what was set aside before it was sent, and what it came to. */
interface SpendTable {
  /** The run's id, or one of its own. */
  id: string
  provider_id: string
  kind: string
  /** Micro-dollars per million trained tokens when it was sent; null where that is not how it is billed. */
  per_million: number | null
  reserved: number
  /** Micro-dollars; null until it is known. */
  spent: number | null
  created_at: number
  settled_at: number | null
  /** Id of the start of the studio that set it aside. */
  start: string | null
}

/** What answers cost, as a person set it here. */
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

/** A provider that is not asked at present, as long as its address and key stay the same. */
/** Models that a provider takes no more jobs of until a time. */
interface DailyLimitsTable {
  provider_id: string
  /** Hash of address and key. */
  account: string
  model: string
  /** The provider's own words. */
  message: string
  /** ms; the earliest job of its day that is known here. */
  earliest: number
  until: number
}

interface ProviderHoldsTable {
  provider_id: string
  /** Hash of address and key. */
  account: string
  reason: string
  message: string
  /** ms; null: until a person asks again. */
  until: number | null
  since: number
}

/** A question that several models were asked at once. */
interface ComparisonsTable {
  id: string
  /** The run that was looked at. */
  job_id: string | null
  blind: number
  /** The last words of the person, for the list. */
  question: string
  request_json: string
  /** For each place on the page the index of its pane in the request; blind ones are shuffled. */
  order_json: string
  created_at: number
}

interface AnswersTable {
  comparison_id: string
  /** From 0, in the order of the page. */
  place: number
  /** From 0; several where the spread is looked at. */
  sample: number
  provider_id: string
  model: string
  /** Examples of the training data that stood in its prompt. */
  few_shot: number
  /** finished, interrupted, stopped or failed. */
  state: string
  text: string
  facts_json: string | null
  error_json: string | null
  ended_at: number
}

interface VotesTable {
  comparison_id: string
  sample: number
  /** The place of the better answer; null for a tie. */
  winner: number | null
  /** The names were not known when it was cast. */
  blind: number
  created_at: number
}

/** What training costs, as a person set it here. */
interface PricesTable {
  provider_id: string
  /** A model's name, or the beginning of several. */
  model: string
  /** Micro-dollars per million trained tokens. */
  per_million: number
  /** YYYY-MM-DD */
  as_of: string
  source: string
}

/** Rows that several models answer, and how the answers are judged. */
interface EvalsTable {
  id: string
  dataset_id: string
  /** null for rows that no version was made of; `revision` pins them either way. */
  version_id: string | null
  revision: number
  split: string
  job_id: string | null
  /** The studio began it by itself when a run had ended. */
  sweep: number
  request_hash: string
  request_json: string
  /** What each column is and the examples in its prompts. */
  columns_json: string
  shots_json: string
  /** running, paused, stopped, failed or done. */
  state: string
  /** Why it failed. */
  error_json: string | null
  pauses_json: string
  /** Micro-dollars for each provider that a person has said yes to. */
  confirmed: number | null
  created_at: number
  finished_at: number | null
}

/** A row as it was asked, or why it was not. */
interface EvalRowsTable {
  eval_id: string
  /** Among the rows of its split, from 0. */
  place: number
  key: string
  question: string | null
  messages_json: string
  expected: string
  /** null for a row that is asked. */
  excluded: string | null
}

interface EvalCellsTable {
  eval_id: string
  place: number
  column_index: number
  /** SHA-256 of everything that the answer depends on. */
  hash: string
  /** waiting, asked, answered, interrupted, failed, lost or skipped. */
  state: string
  answer_id: string | null
  from_cache: number
  /** null while an answer has not been graded. */
  grades_json: string | null
  /** Read from the grades: 1 when all of them let it through, 0 when one does not, else null. */
  passed: GeneratedAlways<number | null>
}

/** One request for an answer: written before it leaves, kept for good. Times in ms, cost in micro-dollars. */
interface EvalAnswersTable {
  id: string
  hash: string
  /** The evaluation that asked for it. */
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
}

/** A corrected answer, and the training row that it was written into. */
interface EvalFixesTable {
  id: string
  eval_id: string
  dataset_id: string
  row_key: string
  written_key: string
  answer: string
  reason: string
  /** The dataset's revision that it made. */
  revision: number
  created_at: number
}

/** A run whose evaluation is being begun; gone once it is. One that is found at a start died in it. */
interface EvalSweepsTable {
  job_id: string
  begun_at: number
}

/** A name that programs ask for, and the model it stands for. */
interface AliasesTable {
  name: string
  provider_id: string
  model: string
  created_at: number
  updated_at: number
}

/** One change of an alias; nothing before the first and behind the removal. */
interface AliasHistoryTable {
  seq: Generated<number>
  alias: string
  /** pointed, rolled_back or removed. */
  kind: string
  who: string
  at: number
  /** Empty where no reason was given. */
  why: string
  from_provider_id: string | null
  from_model: string | null
  to_provider_id: string | null
  to_model: string | null
}

/** How often an alias was asked, and when last: the log of its calls is shorter. */
interface AliasCallsTable {
  alias: string
  calls: number
  last_at: number
}

/** A key that a program shows at `/v1`. */
interface CallerKeysTable {
  id: string
  name: string
  /** SHA-256 as hex; the key itself is never kept. */
  hash: string
  /** Its first characters, to tell it from the others. */
  prefix: string
  created_at: number
  last_used_at: number | null
  calls: Generated<number>
  revoked_at: number | null
}

/** An answer that a program asked for; old ones are deleted. Times in ms, cost in micro-dollars. */
interface DoorCallsTable {
  id: string
  key_id: string
  /** null where the model was asked by its own name. */
  alias: string | null
  provider_id: string
  model: string
  /** As the provider named it in its answer. */
  reported_model: string | null
  /** finished, interrupted, stopped (by its caller), failed or refused (nothing was sent). */
  outcome: string
  /** Of HTTP, as the caller got it; null for one that left before. */
  status: number | null
  finish_reason: string | null
  prompt_tokens: number | null
  completion_tokens: number | null
  /** 1 where tokens were guessed from characters. */
  estimated: number
  cost: number | null
  first_token_ms: number | null
  total_ms: number
  at: number
}

/** Models that were deleted from here. */
interface DeletedModelsTable {
  provider_id: string
  model: string
  at: number
}
