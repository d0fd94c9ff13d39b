import { z } from 'zod'
import { ProviderId, type Spending } from '#lib/providers/schema.ts'
import { MAX_EPOCHS } from '#lib/training-data/plan.ts'

/** Statuses that end a run. Everything else, also a word we have never seen, may still change. */
const TERMINAL = ['succeeded', 'failed', 'cancelled'] as const
export type EndStatus = (typeof TERMINAL)[number]

export const isTerminal = (status: string): boolean => (TERMINAL as readonly string[]).includes(status)
export const isActive = (status: string): boolean => !isTerminal(status)

/**
 * Where the creation stands: written down, sent, answered, answer lost, refused, or seen first at the provider.
 * A refused one is no run: no list shows it, and the stream tells it once, so that a page that shows it takes it out.
 */
export const Launch = z.enum(['intent', 'sent', 'known', 'unknown', 'refused', 'found'])
export type Launch = z.infer<typeof Launch>

const automatic = <Value extends z.ZodType>(value: Value) => z.union([z.literal('auto'), value])

export const Hyperparameters = z.object({
  nEpochs: automatic(
    z.number().int().min(1, 'At least 1 epoch.').max(MAX_EPOCHS, `At most ${MAX_EPOCHS} epochs.`),
  ),
  batchSize: automatic(z.number().int().min(1, 'At least 1 example.').max(256, 'At most 256 examples.')),
  learningRateMultiplier: automatic(z.number().positive('The multiplier is above zero.').max(1000)),
})
export type Hyperparameters = z.infer<typeof Hyperparameters>

/** Rows of a dataset that go into one file. */
export const DataChoice = z.object({
  datasetId: z.string().min(1, 'Choose a dataset.'),
  split: z.enum(['train', 'heldout']),
})
export type DataChoice = z.infer<typeof DataChoice>

/** What the form holds, what the route takes and what `launchJob` is given. The id comes with the form: it is the intent. */
export const JobDraft = z.object({
  id: z.string().regex(/^run_[A-Za-z0-9]{24}$/, 'The job needs an id made by the form.'),
  providerId: ProviderId,
  model: z.string().trim().min(1, 'Choose a model.').max(512),
  training: DataChoice,
  validation: DataChoice.nullable(),
  suffix: z
    .string()
    .trim()
    .max(64, 'A suffix has at most 64 characters.')
    .regex(/^[a-z0-9-]*$/, 'A suffix holds small letters, digits and hyphens.'),
  seed: z.number().int().min(0).max(2_147_483_647, 'A seed is at most 2147483647.').nullable(),
  hyperparameters: Hyperparameters,
  /** Micro-dollars that the person has said yes to; asked for above the provider's `confirmAbove`. */
  confirmed: z.number().int().min(0).nullable().default(null),
})
export type JobDraft = z.infer<typeof JobDraft>

export const JobFailure = z.object({
  code: z.string().nullable(),
  message: z.string(),
  param: z.string().nullable(),
  /** Line of the training file and example, from 1, where the provider or its words name one. */
  line: z.number().nullable(),
  row: z.number().nullable(),
})
export type JobFailure = z.infer<typeof JobFailure>

/** Why what is shown of a run may be old: its provider could not be asked, `tries` times since. */
export const JobTrouble = z.object({
  /** As of an AppError, or the reason of a provider's hold. */
  code: z.string(),
  message: z.string(),
  since: z.number(),
  tries: z.number(),
})
export type JobTrouble = z.infer<typeof JobTrouble>

/** A row of the list: everything here is kept on the run's own row. */
export interface Job {
  id: string
  number: number
  providerId: ProviderId
  remoteId: string | null
  launch: Launch
  status: string
  model: string
  suffix: string | null
  fineTunedModel: string | null
  datasetId: string | null
  datasetName: string | null
  /** The rows that it was given, for good; null for runs that began elsewhere. */
  datasetVersion: { id: string; number: number; name: string | null } | null
  lastLoss: number | null
  /** Training loss, at most 64 points. */
  curve: number[]
  step: number | null
  totalSteps: number | null
  trainedTokens: number | null
  bestValid: number | null
  bestValidStep: number | null
  /** ms; when training itself began. */
  runningAt: number | null
  /** Micro-dollars as of its launch: what it came to, or is expected to; null where no price is known. */
  cost: number | null
  error: JobFailure | null
  trouble: JobTrouble | null
  createdAt: number
  finishedAt: number | null
  change: number
}

interface JobState {
  status: string
  at: number
}

export interface Checkpoint {
  id: string
  step: number
  model: string
  trainLoss: number | null
  /** On the whole validation file where it was measured, else on a batch of it. */
  validLoss: number | null
  accuracy: number | null
  createdAt: number
}

export interface JobEvent {
  seq: number
  id: string
  createdAt: number
  level: string
  type: string | null
  message: string
  /** Step of a metrics event. */
  step: number | null
}

/** One step as far as the provider told it. */
export interface Point {
  step: number
  /** ms; when its event was made, null for what only the result file holds. */
  at: number | null
  trainLoss: number | null
  validLoss: number | null
  fullValidLoss: number | null
  /** Share of trained tokens guessed right, 0 to 1. */
  accuracy: number | null
  validAccuracy: number | null
  fullValidAccuracy: number | null
}

/** One line of a curve: only what exists, in order of steps. Both arrays have one length. */
export interface Line {
  step: number[]
  value: number[]
}

/** A run's curve as a chart of a given width can show it. Everything is computed from all points, then sampled. */
export interface Series {
  /** Steps asked for, inclusive; of the whole run where none were. */
  from: number
  to: number
  /** Points in that range before sampling, and whether any were left out. */
  count: number
  sampled: boolean
  trainLoss: Line
  /** Debiased moving average of the training loss, with the weight asked for. */
  smooth: Line
  validLoss: Line
  fullValidLoss: Line
  accuracy: Line
  validAccuracy: Line
  /** Training losses in the range that are exactly zero. */
  zeros: number
  /** 5th and 95th percentile of all losses in the range: what a scale may rest on. */
  typical: [number, number] | null
  /** Of the whole run, on the whole validation file where it was measured. */
  best: { step: number; value: number } | null
  /** ms at which the clock stands at zero: the first step whose time is known. */
  began: number | null
  /** ms since then, at a few dozen steps: what lies between is interpolated. */
  clock: Line
}

export const SeriesQuery = z.object({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  /** Width of the plot in px: as many buckets at most. */
  width: z.coerce.number().int().min(50).max(4_000).default(800),
  /** Weight of the smoothing, 0 to 0.99. */
  smooth: z.coerce.number().min(0).max(0.99).default(0.6),
})
export type SeriesQuery = z.input<typeof SeriesQuery>

/** A row that a step was trained on. */
export interface BatchRow {
  /** Example of the training file, from 1. */
  example: number
  loss: number | null
  /** The row's lasting id in our dataset, when it is known. */
  key: string | null
  /** The beginning of its last question and of its answer, when the data is here. */
  question: string | null
  answer: string | null
}

/** What a step was trained on; `rows` null where its provider does not tell. */
export interface StepRows {
  step: number
  epoch: number | null
  trainLoss: number | null
  rows: BatchRow[] | null
}

/** What the numbers say about a run; words are the page's. The rules stand in lib/jobs/diagnosis.ts. */
export type Diagnosis =
  | { kind: 'unknown' | 'waiting' | 'cancelled' | 'noMetrics' | 'failed' }
  /** From `step` on training losses are no numbers, `count` of them. */
  | { kind: 'notANumber'; step: number; count: number }
  | {
      kind: 'memorised' | 'risen' | 'diverged' | 'stuck' | 'nothing' | 'learning' | 'learnt' | 'unclear'
      first: number
      last: number
      steps: number
      /** Of the last training losses, how many read as 0.00, and how many were looked at. */
      tail: { zeros: number; of: number }
      /** Steps at the end, in a row, that read as 0.00. */
      zeros: number
      /** Training rows, where they are known. */
      rows: number | null
      validation: {
        best: number
        last: number
        /** Of the best. */
        step: number
        epoch: number | null
        risen: boolean
      } | null
    }

/** Rows of a file that were longer than the model reads. */
export interface CutRows {
  file: 'training_file' | 'validation_file'
  /** Tokens that the model reads of a row. */
  context: number
  /** Rows in all, those that lost the end of their answer, and those of which nothing was left to learn. */
  rows: number
  part: number
  all: number
  /** The first of them; `lost` and `left` in tokens of the answers. */
  examples: { row: number; line: number; lost: number; left: number }[]
}

/** A run's page: the row and what only the page needs. */
export interface JobDetail extends Job {
  states: JobState[]
  checkpoints: Checkpoint[]
  /** Token accuracy at the last step that is known; null where it was not told. */
  lastAccuracy: number | null
  /** Steps that are known; the curve itself is asked for as a series. */
  pointCount: number
  diagnosis: Diagnosis
  /** null unless every epoch has the same number of steps. */
  stepsPerEpoch: number | null
  /** Of the last seconds of training; null while nothing can be said. */
  tokensPerSecond: number | null
  /** Rows of the training file, where they are known. */
  trainRows: number | null
  /** Held-out rows of the version that it was given; null where that is not known. */
  heldoutRows: number | null
  validationDatasetId: string | null
  validationDatasetName: string | null
  /** Values in force; `auto` names those that were not set by hand. */
  hyperparameters: {
    nEpochs: number | null
    batchSize: number | null
    learningRateMultiplier: number | null
    auto: string[]
  }
  seed: number | null
  trainingFile: string | null
  validationFile: string | null
  resultFiles: string[]
  /** ms; only while running. */
  estimatedFinish: number | null
  systemPrompt: string | null
  question: string | null
  cuts: CutRows[]
  eventCount: number
}

export const JobQuery = z.object({
  /** `createdAt.id` of the last run of the page before. */
  after: z
    .string()
    .regex(/^\d+\.run_\w+$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** Only runs that were trained on this dataset. */
  dataset: z.string().max(64).optional(),
})
export type JobQuery = z.input<typeof JobQuery>

const Words = z
  .string()
  .max(2_000)
  .transform((text) => text.split(',').filter(Boolean))
  .optional()

export const JOB_SORTS = ['created', 'name', 'state', 'loss', 'valid', 'time', 'cost'] as const

/** Runs on a page of the list. */
export const LIST_PAGE = 50

/** The list's address: what it shows, in which order, and which page of it. */
export const JobListQuery = z.object({
  /** Part of a name, an id, a model or a dataset's name. */
  q: z.string().trim().max(200).optional(),
  /** Statuses, comma-separated; so with the next three. */
  state: Words,
  model: Words,
  dataset: Words,
  provider: Words,
  sort: z.enum(JOB_SORTS).default('created'),
  order: z.enum(['asc', 'desc']).default('desc'),
  page: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(100).default(LIST_PAGE),
})
export type JobListQuery = z.input<typeof JobListQuery>

/** A page of the list, and what it can be narrowed to. */
export interface JobListPage {
  jobs: Job[]
  /** Which page this is: the last, where one behind it was asked for. */
  page: number
  /** Runs that fit, and runs in all. */
  total: number
  all: number
  /** Number of the newest run: a later one is not on this page. */
  newest: number
  /** Over all runs, for the choices of the filters. */
  states: { status: string; count: number }[]
  models: { model: string; count: number }[]
  datasets: { id: string; name: string; count: number }[]
  providers: { id: ProviderId; count: number }[]
  /** This month's, for providers that cost. */
  spending: Spending[]
}

/** Most runs that are laid over each other. */
export const MOST_COMPARED = 7

export const CompareQuery = z.object({
  runs: z
    .string()
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array(z.string().max(64)).min(1, 'Choose jobs to compare.').max(MOST_COMPARED)),
})

/** A setting of several runs side by side, in their order. */
export interface ComparedSetting {
  name:
    | 'provider'
    | 'model'
    | 'dataset'
    | 'validation'
    | 'trainRows'
    | 'nEpochs'
    | 'batchSize'
    | 'learningRateMultiplier'
    | 'seed'
    | 'suffix'
    | 'totalSteps'
    | 'trainedTokens'
    | 'systemPrompt'
  values: (string | number | null)[]
  differs: boolean
}

/** What changed in the data from the first run to another; null where the two cannot be compared row by row. */
export interface ComparedData {
  from: string
  to: string
  datasetId: string | null
  fromVersion: string | null
  toVersion: string | null
  rows: { added: number; removed: number; changed: number; moved: number } | null
}

export interface RunComparison {
  runs: JobDetail[]
  /** Ids that no job here has: left out. */
  missing: string[]
  settings: ComparedSetting[]
  data: ComparedData[]
}

export const CancelDraft = z.object({
  /** Keeps what was learnt as a checkpoint, where the provider can. */
  keep: z.boolean().default(false),
})
export type CancelDraft = z.infer<typeof CancelDraft>

export const EventQuery = z.object({
  /** Events older than this sequence number. */
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})

export type EventQuery = z.infer<typeof EventQuery>

export const StreamQuery = z.object({
  /** Run whose page is open, besides the list. */
  job: z.string().max(64).optional(),
  /** Cursor of what the page already shows, as the stream's last `id` gave it. */
  since: z
    .string()
    .regex(/^\d+-\d+$/)
    .optional(),
  /** Ends after what is new now; the browser comes back by itself. */
  lasting: z.stringbool().default(true),
})

/** What an event stream carries: changed rows, and for the open run its news. */
export type LiveMessage =
  | { kind: 'jobs'; jobs: Job[] }
  /** `points` are new ones, null when there were so many that the page had better ask for its series anew. */
  | { kind: 'job'; detail: JobDetail; points: Point[] | null; events: JobEvent[] }
