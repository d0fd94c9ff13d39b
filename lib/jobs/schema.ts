import { z } from 'zod'
import { MAX_EPOCHS } from '#lib/examples/plan.ts'
import { ProviderId } from '#lib/providers/schema.ts'

/** Statuses that end a run. Everything else, also a word we have never seen, may still change. */
const TERMINAL = ['succeeded', 'failed', 'cancelled']

export const isTerminal = (status: string): boolean => TERMINAL.includes(status)
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
  id: z.string().regex(/^run_[A-Za-z0-9]{24}$/, 'The run needs an id made by the form.'),
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
  error: JobFailure | null
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
  trainLoss: number | null
  validLoss: number | null
  fullValidLoss: number | null
  /** Share of trained tokens guessed right, 0 to 1. */
  accuracy: number | null
}

/** A run's page: the row and what only the page needs. */
export interface JobDetail extends Job {
  states: JobState[]
  checkpoints: Checkpoint[]
  points: Point[]
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
  | { kind: 'job'; detail: Omit<JobDetail, 'points'>; points: Point[]; events: JobEvent[] }
