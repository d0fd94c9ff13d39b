import { z } from 'zod'
import { Interval } from '#lib/core/interval-schema.ts'
import { Split, VersionRef } from '#lib/datasets/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { ProviderId, Spending } from '#lib/providers/schema.ts'
import { LauncherName, TrainerName, Tuning, TuningMethod } from '#lib/providers/trainers-schema.ts'
import { Excerpt } from '#lib/training-data/excerpt.ts'
import { Issue } from '#lib/training-data/issue.ts'
import { MAX_BETA, MAX_EPOCHS } from '#lib/training-data/plan.ts'
import { JOB_SORTS, LIST_PAGE, MAX_MULTIPLIER, MOST_AT_ONCE, MOST_COMPARED, MOST_TAGS } from './constants.ts'
import { Diagnosis, Point } from './series-schema.ts'

/**
 * State of the creation: written down, sent, answered, answer lost, refused, or seen first at the provider; or the job
 * was deleted. A refused or deleted job is in no list; the stream sends it once, so that a page which shows it removes it.
 */
export const Launch = z.enum(['intent', 'sent', 'known', 'unknown', 'refused', 'found', 'deleted'])
export type Launch = z.infer<typeof Launch>

const automatic = <Value extends z.ZodType>(value: Value) => z.union([z.literal('auto'), value])

export const Hyperparameters = z.object({
  nEpochs: automatic(
    z.number().int().min(1, issue('jobs.epochsAtLeast')).max(MAX_EPOCHS, issue('jobs.epochsAtMost')),
  ),
  batchSize: automatic(
    z.number().int().min(1, issue('jobs.batchAtLeast')).max(256, issue('jobs.batchAtMost')),
  ),
  learningRateMultiplier: automatic(
    z.number().positive(issue('jobs.multiplierNotPositive')).max(MAX_MULTIPLIER),
  ),
})
export type Hyperparameters = z.infer<typeof Hyperparameters>

/** Rows of a dataset that go into one file. */
export const DataChoice = z.object({
  datasetId: z.string().min(1, issue('jobs.chooseDataset')),
  split: Split,
})
export type DataChoice = z.infer<typeof DataChoice>

/** What the form holds, the route takes and `launchJob` is given. The id comes with the form: it is the intent. */
export const JobDraft = z.object({
  id: z.string().regex(/^run_[A-Za-z0-9]{24}$/, issue('jobs.idForm')),
  providerId: ProviderId,
  model: z.string().trim().min(1, issue('jobs.chooseModel')).max(512),
  training: DataChoice,
  validation: DataChoice.nullable(),
  /**
   * Id of the version of the training data that is sent, also where its held-out rows are the validation data; null: the
   * rows as they are at the launch. Other validation data is sent as it is.
   */
  version: z.string().min(1).max(64).nullable().default(null),
  suffix: z
    .string()
    .trim()
    .max(64, issue('jobs.suffixTooLong'))
    .regex(/^[a-z0-9-]*$/, issue('jobs.suffixForm')),
  seed: z.number().int().min(0).max(2_147_483_647, issue('jobs.seedTooLarge')).nullable(),
  hyperparameters: Hyperparameters,
  /**
   * Of training on preference pairs (DPO): how firmly the model is held to where it started; null: automatic. Without
   * effect on other rows.
   */
  beta: z
    .number()
    .positive(issue('jobs.betaNotPositive'))
    .max(MAX_BETA, issue('jobs.betaAtMost'))
    .nullable()
    .default(null),
  /**
   * Early stopping: validations in a row that may be no better than the best; null: trains to its end. Without effect
   * where there is no validation, or the provider cannot.
   */
  patience: z.number().int().min(1, issue('jobs.patienceAtLeast')).max(MAX_EPOCHS).nullable().default(null),
  /** Trainer, method and length, at the built-in engine; null: automatic. */
  tuning: Tuning.nullable().default(null),
  /** The learning rate itself, where the provider takes no multiple of one; null: automatic. */
  learningRate: z
    .number()
    .positive(issue('jobs.rateNotPositive'))
    .max(1, issue('jobs.rateAtMost'))
    .nullable()
    .default(null),
  /** How the provider is to train, of its `tiers`; null: as it usually does. */
  tier: z.string().max(64).nullable().default(null),
  /** Micro-dollars that the user has confirmed; required above the provider's `confirmAbove`. */
  confirmed: z.number().int().min(0).nullable().default(null),
})
export type JobDraft = z.infer<typeof JobDraft>

export const JobFailure = Worded.extend({
  code: z.string().nullable(),
  param: z.string().nullable(),
  /** Line of the training file and example, from 1, if the provider or its text names one. */
  line: z.number().nullable(),
  row: z.number().nullable(),
  /** The rule that the line breaks, if the provider checks by ours. */
  issue: Issue.optional(),
  /** The text of the line, if it is known. */
  excerpt: Excerpt.optional(),
})
export type JobFailure = z.infer<typeof JobFailure>

/** Why a job may be out of date: polling its provider has failed `tries` times since. */
export const JobSyncError = Worded.extend({
  /** Of an AppError, or the reason of a provider's backoff. */
  code: z.string(),
  since: z.number(),
  tries: z.number(),
})
export type JobSyncError = z.infer<typeof JobSyncError>

/** How a model answered held-out rows, each interval with 95 % confidence. */
export const JobScore = z.object({
  passed: z.number(),
  n: z.number(),
  interval: Interval,
  /** Where the score is a mean; else null. */
  mean: z.number().nullable(),
  meanInterval: Interval.nullable(),
})
export type JobScore = z.infer<typeof JobScore>

/** The score of a checkpoint, or of the final model. */
export const ModelScore = JobScore.extend({ step: z.number(), model: z.string() })
export type ModelScore = z.infer<typeof ModelScore>

/** The number that scores are compared by: the mean if there is one, else the share that passed. */
export const scoreLevel = ({ mean, passed, n }: JobScore): number => mean ?? (n === 0 ? 0 : passed / n)

/** A row of the list: everything here is stored in the job's own row. */
export const Job = z.object({
  id: z.string(),
  number: z.number(),
  providerId: ProviderId,
  remoteId: z.string().nullable(),
  launch: Launch,
  status: z.string(),
  model: z.string(),
  suffix: z.string().nullable(),
  /** Given by the user, here alone; else the suffix names the job. */
  name: z.string().nullable(),
  note: z.string().nullable(),
  tags: z.array(z.string()),
  /** ms; null: not archived. */
  archivedAt: z.number().nullable(),
  fineTunedModel: z.string().nullable(),
  datasetId: z.string().nullable(),
  datasetName: z.string().nullable(),
  /** The rows that it was given; null for jobs created elsewhere. */
  datasetVersion: VersionRef.nullable(),
  lastLoss: z.number().nullable(),
  /** Training loss, at most 64 points. */
  curve: z.array(z.number()),
  step: z.number().nullable(),
  totalSteps: z.number().nullable(),
  trainedTokens: z.number().nullable(),
  bestValid: z.number().nullable(),
  bestValidStep: z.number().nullable(),
  /** Of its final model on held-out rows; null until they have been answered and graded. */
  score: JobScore.nullable(),
  /** ms; when training itself began. */
  runningAt: z.number().nullable(),
  /** Micro-dollars at the launch's prices: the cost, or the reservation; null when no price is known. */
  cost: z.number().nullable(),
  error: JobFailure.nullable(),
  trouble: JobSyncError.nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
  change: z.number(),
})
export type Job = z.infer<typeof Job>

/** What the built-in engine is at: it trains one job after the other. */
export const EngineQueue = z.object({
  training: Job.nullable(),
  /** Ids, the next one first. */
  waiting: z.array(z.string()),
})
export type EngineQueue = z.infer<typeof EngineQueue>

const JobState = z.object({
  status: z.string(),
  at: z.number(),
})

export const Checkpoint = z.object({
  id: z.string(),
  step: z.number(),
  model: z.string(),
  trainLoss: z.number().nullable(),
  /** On the whole validation file where it was measured, else on a batch of it. */
  validLoss: z.number().nullable(),
  accuracy: z.number().nullable(),
  createdAt: z.number(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

export const JobEvent = z.object({
  seq: z.number(),
  id: z.string(),
  createdAt: z.number(),
  level: z.string(),
  type: z.string().nullable(),
  message: z.string(),
  /** Step of a metrics event. */
  step: z.number().nullable(),
})
export type JobEvent = z.infer<typeof JobEvent>

/** Rows of a file that were longer than the model's context. */
export const CutRows = z.object({
  file: z.enum(['training_file', 'validation_file']),
  /** Tokens of a row that the model reads. */
  context: z.number(),
  /** Rows in all, those that lost the end of their answer, and those with no trained token left. */
  rows: z.number(),
  part: z.number(),
  all: z.number(),
  /** The first ones; `lost` and `left` in tokens of the answers. */
  examples: z.array(z.object({ row: z.number(), line: z.number(), lost: z.number(), left: z.number() })),
})
export type CutRows = z.infer<typeof CutRows>

/** What trains a job, and what its trainer has told of itself. */
export const JobRun = z.object({
  trainer: TrainerName,
  launcher: LauncherName,
  method: TuningMethod,
  maxLength: z.number().nullable(),
  /** The next three are empty for the built-in trainer. */
  versions: z.record(z.string(), z.string()),
  devices: z.array(z.string()),
  /** Bytes: of a step as it was estimated, and as the first one took. */
  memory: z.object({ estimate: z.number().nullable(), measured: z.number().nullable() }).nullable(),
  /** What it does outside of steps: a clause in English. */
  doing: z.string().nullable(),
})
export type JobRun = z.infer<typeof JobRun>

/** A job's page: the row and what only the page needs. */
export const JobDetail = Job.extend({
  states: z.array(JobState),
  checkpoints: z.array(Checkpoint),
  /** Token accuracy at the last known step; null if not reported. */
  lastAccuracy: z.number().nullable(),
  /** Known steps; the curve itself is asked for as a series. */
  pointCount: z.number(),
  diagnosis: Diagnosis,
  /** null unless every epoch has the same number of steps. */
  stepsPerEpoch: z.number().nullable(),
  /** Over the last seconds of training; null while unknown. */
  tokensPerSecond: z.number().nullable(),
  /** Rows of the training file, if known. */
  trainRows: z.number().nullable(),
  /** Held-out rows of the version that it was given, if known. */
  heldoutRows: z.number().nullable(),
  validationDatasetId: z.string().nullable(),
  validationDatasetName: z.string().nullable(),
  /** Values in force; `auto` names those that were not set by hand. */
  hyperparameters: z.object({
    nEpochs: z.number().nullable(),
    batchSize: z.number().nullable(),
    learningRateMultiplier: z.number().nullable(),
    /** Where the provider takes the rate itself. */
    learningRate: z.number().nullable(),
    /** Only of training on preference pairs. */
    beta: z.number().nullable(),
    auto: z.array(z.string()),
  }),
  seed: z.number().nullable(),
  /** Early stopping, as in the draft. */
  patience: z.number().nullable(),
  /** As in the draft; null too for jobs created elsewhere. */
  tuning: Tuning.nullable(),
  /** How it is trained, as the built-in engine says; null at other providers. */
  run: JobRun.nullable(),
  /** The checkpoint with the lowest loss on the whole validation file, as the provider says. */
  best: z.object({ step: z.number(), loss: z.number() }).nullable(),
  /** The step that the fine-tuned model is from; null: the last one. */
  finalStep: z.number().nullable(),
  /** ms of earlier pauses since its first step. */
  pausedMs: z.number(),
  trainingFile: z.string().nullable(),
  validationFile: z.string().nullable(),
  resultFiles: z.array(z.string()),
  /** The job in the provider's own words, where they are not OpenAI's. */
  providerRaw: z.unknown(),
  /** ms; only while running. */
  estimatedFinish: z.number().nullable(),
  systemPrompt: z.string().nullable(),
  question: z.string().nullable(),
  cuts: z.array(CutRows),
  eventCount: z.number(),
})
export type JobDetail = z.infer<typeof JobDetail>

export const JobQuery = z.object({
  /** `createdAt.id` of the last job of the page before. */
  after: z
    .string()
    .regex(/^\d+\.run_\w+$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** Only jobs that were trained on this dataset. */
  dataset: z.string().max(64).optional(),
  /** With the archived ones. */
  archived: z.union([z.boolean(), z.stringbool()]).default(false),
})
export type JobQuery = z.input<typeof JobQuery>

const Words = z
  .string()
  .max(2_000)
  .transform((text) => text.split(',').filter(Boolean))
  .optional()

/** The list's address: filters, order and page. */
export const JobListQuery = z.object({
  /** Part of a name, an id, a model or a dataset's name. */
  q: z.string().trim().max(200).optional(),
  /** Statuses, comma-separated; the next three are lists too. */
  state: Words,
  model: Words,
  dataset: Words,
  provider: Words,
  tag: Words,
  /** Only the archived jobs, which are else left out. */
  archived: z.stringbool().default(false),
  sort: z.enum(JOB_SORTS).default('created'),
  order: z.enum(['asc', 'desc']).default('desc'),
  page: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(100).default(LIST_PAGE),
})
export type JobListQuery = z.input<typeof JobListQuery>

/** A page of the list, and the choices of its filters. */
export const JobListPage = z.object({
  jobs: z.array(Job),
  /** This page's number: the last one, if a later one was asked for. */
  page: z.number(),
  /** Jobs that match, and jobs in all. */
  total: z.number(),
  all: z.number(),
  /** Number of the newest job: a later one is not on this page. */
  newest: z.number(),
  /** Of all jobs, the archived ones. */
  archived: z.number(),
  /** Over all archived jobs, or over all others, for the choices of the filters. */
  states: z.array(z.object({ status: z.string(), count: z.number() })),
  models: z.array(z.object({ model: z.string(), count: z.number() })),
  datasets: z.array(z.object({ id: z.string(), name: z.string(), count: z.number() })),
  providers: z.array(z.object({ id: ProviderId, count: z.number() })),
  tags: z.array(z.object({ tag: z.string(), count: z.number() })),
  /** This month's, for providers that bill. */
  spending: z.array(Spending),
})
export type JobListPage = z.infer<typeof JobListPage>

export const CompareQuery = z.object({
  runs: z
    .string()
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array(z.string().max(64)).min(1, issue('jobs.chooseJobs')).max(MOST_COMPARED)),
})

/** One setting of several jobs, in their order. */
export const ComparedSetting = z.object({
  name: z.enum([
    'provider',
    'model',
    'dataset',
    'validation',
    'trainRows',
    'nEpochs',
    'batchSize',
    'learningRateMultiplier',
    'learningRate',
    'beta',
    'seed',
    'suffix',
    'totalSteps',
    'trainedTokens',
    'systemPrompt',
  ]),
  values: z.array(z.union([z.string(), z.number()]).nullable()),
  differs: z.boolean(),
})
export type ComparedSetting = z.infer<typeof ComparedSetting>

/** What changed in the data from the first job to another; null when they cannot be compared row by row. */
export const ComparedData = z.object({
  from: z.string(),
  to: z.string(),
  datasetId: z.string().nullable(),
  fromVersion: z.string().nullable(),
  toVersion: z.string().nullable(),
  rows: z
    .object({ added: z.number(), removed: z.number(), changed: z.number(), moved: z.number() })
    .nullable(),
})
export type ComparedData = z.infer<typeof ComparedData>

export const JobComparison = z.object({
  runs: z.array(JobDetail),
  /** Ids that no job here has: left out. */
  missing: z.array(z.string()),
  settings: z.array(ComparedSetting),
  data: z.array(ComparedData),
})
export type JobComparison = z.infer<typeof JobComparison>

export const CancelDraft = z.object({
  /** Keeps the partly trained model as a checkpoint, if the provider can. */
  keep: z.boolean().default(false),
})
export type CancelDraft = z.infer<typeof CancelDraft>

export const JobIds = z.array(z.string().max(64)).min(1, issue('jobs.chooseJobs')).max(MOST_AT_ONCE)

/** A word or a few; a comma separates tags in an address. */
const Tag = z
  .string()
  .trim()
  .min(1, issue('jobs.tagMissing'))
  .max(40, issue('jobs.tagTooLong'))
  .regex(/^[^,]*$/, issue('jobs.tagComma'))

/** What is changed about jobs here, and not at their provider; an empty name or note takes it away. */
export const JobsChange = z.object({
  ids: JobIds,
  name: z.string().trim().max(80, issue('jobs.nameTooLong')).optional(),
  note: z.string().trim().max(4_000, issue('jobs.noteTooLong')).optional(),
  archived: z.boolean().optional(),
  /** Tags. */
  added: z.array(Tag).max(MOST_TAGS).default([]),
  removed: z.array(z.string().max(64)).max(100).default([]),
})
export type JobsChange = z.infer<typeof JobsChange>
export type JobsChangeInput = z.input<typeof JobsChange>

/** What became of jobs, each of which was changed by itself. */
export const Outcome = z.object({
  /** Ids. */
  done: z.array(z.string()),
  failures: z.array(Worded.extend({ id: z.string() })),
})
export type Outcome = z.infer<typeof Outcome>

export const EventQuery = z.object({
  /** Events older than this sequence number. */
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})

export type EventQuery = z.infer<typeof EventQuery>

export const StreamQuery = z.object({
  /** Job whose page is open, besides the list. */
  job: z.string().max(64).optional(),
  /** Cursor of what the page already shows: the stream's last `id`. */
  since: z
    .string()
    .regex(/^\d+-\d+$/)
    .optional(),
  /** false ends the stream after what is new now; the browser reconnects. */
  lasting: z.stringbool().default(true),
})

/** Messages of the event stream: changed rows, and changes of the open job. */
export const LiveMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('jobs'), jobs: z.array(Job) }),
  /** `points` are new ones, null when there are so many that the page should reload its series. */
  z.object({
    kind: z.literal('job'),
    detail: JobDetail,
    points: z.array(Point).nullable(),
    events: z.array(JobEvent),
  }),
])
export type LiveMessage = z.infer<typeof LiveMessage>
