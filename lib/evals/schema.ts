import { z } from 'zod'
import type { WireError } from '#lib/core/errors.ts'
import { newId } from '#lib/core/ids.ts'
import type { Interval } from '#lib/core/interval.ts'
import { Split } from '#lib/datasets/schema.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { Sampling } from '#lib/playground/schema.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { type Grade, Grader } from './graders/schema.ts'

export const EvalId = z
  .string()
  .regex(/^eval_[0-9A-Za-z]{24}$/, 'The evaluation needs an id made by the form.')
export const newEvalId = (): string => newId('eval_')

/** Most rows, columns and graders of one evaluation. */
export const MOST_ROWS = 1_000
export const MOST_COLUMNS = 24
const MOST_GRADERS = 8

/** A model that answers every row. */
export const Column = ModelRef.extend({
  /** Shown above it; the model's name where it is empty. */
  label: z.string().trim().max(120).default(''),
  /** Examples of the training rows that stand before each question. */
  fewShot: z.number().int().min(0).max(64).default(0),
})
export type Column = z.infer<typeof Column>

/** What the form holds, what the routes take and what the verbs are given. The id comes with the form: it is the intent. */
export const EvalDraft = z.object({
  id: EvalId,
  datasetId: z.string().min(1, 'Choose a dataset.').max(64),
  /** null: the rows as they are now, which the evaluation keeps for good as well. */
  versionId: z.string().max(64).nullable().default(null),
  /** Rows that were kept back from training; trained ones only when they are named. */
  split: Split.default('heldout'),
  /** At most so many of them, the first ones. */
  rows: z.number().int().min(1, 'At least 1 row.').max(MOST_ROWS, `At most ${MOST_ROWS} rows.`).default(50),
  columns: z.array(Column).min(1, 'Choose a model.').max(MOST_COLUMNS, `At most ${MOST_COLUMNS} models.`),
  graders: z.array(Grader).min(1, 'Choose how answers are judged.').max(MOST_GRADERS),
  sampling: Sampling.default({ temperature: 0, topP: null, maxTokens: 256, seed: 0 }),
  /** The run that is looked at. */
  jobId: z.string().max(64).nullable().default(null),
  /** Micro-dollars for each provider that the person has said yes to; asked for above its `confirmAbove`. */
  confirmed: z.number().int().min(0).nullable().default(null),
})
export type EvalDraft = z.infer<typeof EvalDraft>
export type EvalDraftInput = z.input<typeof EvalDraft>

/** Why a row is not asked: `inTraining` when a column's run was trained on the same prompt, or it stands in its prompt. */
export const EXCLUSIONS = [
  'broken',
  'blank',
  'notChat',
  'noAnswer',
  'noPrompt',
  'tools',
  'inTraining',
] as const
export type Exclusion = (typeof EXCLUSIONS)[number]

export interface ExcludedRow {
  key: string
  /** Its place among the rows of its split, from 1. */
  number: number
  /** The beginning of its question, where it has one. */
  question: string | null
  reason: Exclusion
}

/** What one column will take. Sums are micro-dollars. */
export interface ColumnEstimate {
  providerId: ProviderId
  model: string
  label: string
  fewShot: number
  /** Answers, and those of them that are known already and cost nothing again. */
  answers: number
  cached: number
  /** Tokens of what is still to be asked, by OpenAI's encoding; answers as long as the expected ones. */
  promptTokens: number
  completionTokens: number
  /** null where no price is known. */
  cost: number | null
}

/** What a provider's limits say to it. Sums are micro-dollars. */
export interface ProviderEstimate {
  providerId: ProviderId
  /** Of what is still to be asked; null where a price is not known. */
  cost: number | null
  confirmAbove: number | null
  /** The form has to ask for a second yes, to `cost` or to an unknown sum. */
  needsConfirmation: boolean
  monthlyCap: number | null
  /** Left of the cap this month; null without a cap. */
  left: number | null
  /** It would come to its cap on the way and pause there. */
  overCap: boolean
}

export interface EvalEstimate {
  datasetId: string
  revision: number
  split: Split
  /** Rows that will be asked. */
  rows: number
  excluded: ExcludedRow[]
  answers: number
  cached: number
  columns: ColumnEstimate[]
  providers: ProviderEstimate[]
  /** Of all providers together; null where a price is not known. */
  cost: number | null
}

/**
 * `paused`: nothing goes on until a person resumes it, or a pause ends by itself. `failed`: it could not be gone on with,
 * and its `error` says why.
 */
export const EvalState = z.enum(['running', 'paused', 'stopped', 'failed', 'done'])
export type EvalState = z.infer<typeof EvalState>

/** Why nothing is sent to a provider in this evaluation. */
export interface Pause {
  providerId: ProviderId
  /** As of an AppError: over_cap, needs_confirmation, rate_limited, provider_refused … */
  code: string
  message: string
  facts: Record<string, string | number> | null
  /** ms; it goes on by itself then. null: when a person resumes it. */
  until: number | null
}

/** Two columns on the rows that both answered: `a` less `b`. */
export interface Difference {
  a: number
  b: number
  /** Rows that both answered. */
  n: number
  /** Rows that `a` passes more; of mean scores the mean difference, −1 to 1. */
  by: number
  /** Mean scores are compared, not passes. */
  mean: boolean
  /** How likely a difference at least as large is if neither is better; of several comparisons corrected. */
  p: number
}

/** How many of a column's answers passed. */
export interface Score {
  passed: number
  /** Answers that count: whole ones that were graded. */
  n: number
  /** Whole answers that the grader failed on or took too long for: neither passed nor failed. */
  notGraded: number
  /** passed / n; null while n is 0. */
  share: number | null
  /** 95 %, by Wilson. */
  interval: Interval
  /** For graders that give more than yes and no: the mean of their scores and its 95 % interval. */
  mean: number | null
  meanInterval: Interval | null
}

export interface GraderScore extends Score {
  grader: Grader
}

/** What a column is to the run that is looked at. */
export type ColumnKind = 'base' | 'fewShot' | 'checkpoint' | 'final' | 'other'

export interface ColumnScore extends Column {
  index: number
  kind: ColumnKind
  /** The run that made the model; null for a base, and for one that was made elsewhere. */
  jobId: string | null
  /** The step that the model was saved at. */
  step: number | null
  /** Row keys of the examples in its prompts. */
  examples: string[]
  /** One for each grader, in their order. */
  scores: GraderScore[]
  /** The evaluation's own score: answers that pass every grader. Of a single grader it is that one's score. */
  overall: Score
  answered: number
  /** Cut before their end: kept, never scored. */
  interrupted: number
  failed: number
  /** Asked when the studio ended, and perhaps paid for: asked again only when a person says so. */
  lost: number
  /** Not asked any more after several failures in a row. */
  skipped: number
  waiting: number
  /** Sums over its answers, as far as the provider counted. */
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  /** Micro-dollars of these answers, whenever they were paid; null where a price or a count is not known. */
  cost: number | null
  /** Of them those that this evaluation found already there. */
  fromCache: number
  medianFirstTokenMs: number | null
  medianMs: number | null
}

export type CellState =
  | 'waiting'
  | 'asked'
  | 'answered'
  | 'interrupted'
  | 'failed'
  | 'lost'
  /** Left out after its column failed several times in a row. */
  | 'skipped'

/** What a model said to a row, and what the graders say to that. Times in ms, money in micro-dollars. */
export interface Cell {
  column: number
  state: CellState
  text: string | null
  /** One for each grader, in their order; null for what does not count and for what is not graded yet. */
  grades: Grade[] | null
  /** Whether every grader let it through; null for what does not count and where a grader could not say. */
  passed: boolean | null
  finishReason: string | null
  promptTokens: number | null
  cachedTokens: number | null
  completionTokens: number | null
  firstTokenMs: number | null
  totalMs: number | null
  reportedModel: string | null
  requestId: string | null
  cost: number | null
  answeredAt: number | null
  error: WireError['error'] | null
  /** It was there already and not asked for again. */
  fromCache: boolean
}

/** The last column beside the first; null while either has no answer that counts, or with one column. */
export type RowVerdict = 'worse' | 'better' | 'same' | null

export interface EvalRow {
  key: string
  /** Its place among the rows of its split, from 1. */
  number: number
  /** What was asked: every turn before the expected answer. */
  messages: { role: string; text: string }[]
  expected: string
  cells: Cell[]
  verdict: RowVerdict
  /** Mean score of the last column less that of the first, −1 to 1. */
  change: number | null
  /** A corrected answer was written for it here. */
  fix: { answer: string; reason: string; at: number } | null
}

export const ROW_SORTS = ['position', 'regressions'] as const
export const ROW_FILTERS = ['all', 'failing', 'different'] as const

export const EvalQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(0).max(200).default(50),
  /** `regressions`: rows where the last column does worse than the first come first. */
  sort: z.enum(ROW_SORTS).default('position'),
  /** `failing`: the last column does not pass; `different`: the graders tell the columns apart. */
  filter: z.enum(ROW_FILTERS).default('all'),
})
export type EvalQuery = Partial<z.infer<typeof EvalQuery>>

/** An evaluation as a list shows it. */
export interface EvalSummary {
  id: string
  datasetId: string
  datasetName: string
  version: { id: string; number: number; name: string | null } | null
  split: Split
  jobId: string | null
  /** Started by the studio itself when a run ended. */
  sweep: boolean
  state: EvalState
  rows: number
  columns: { label: string; model: string; share: number | null; n: number }[]
  done: number
  cells: number
  createdAt: number
  finishedAt: number | null
}

/** An evaluation and a page of its rows. */
export interface EvalPage {
  id: string
  datasetId: string
  datasetName: string
  /** null for rows that no version was made of. */
  version: { id: string; number: number; name: string | null } | null
  /** The dataset's revision that its rows are of. */
  revision: number
  /** `train`: the score says what was memorised, not what was learnt. */
  split: Split
  jobId: string | null
  sweep: boolean
  state: EvalState
  /** Why it failed. */
  error: WireError['error'] | null
  pauses: Pause[]
  graders: Grader[]
  sampling: Sampling
  columns: ColumnScore[]
  /** The last column less what it is compared with; null while they have no answered row in common. */
  difference: Difference | null
  /** Rows that are asked, and those that cannot be. */
  rowCount: number
  excluded: ExcludedRow[]
  cells: number
  done: number
  /** Micro-dollars that this evaluation itself paid; null where a price or a count is not known. */
  paid: number | null
  createdAt: number
  finishedAt: number | null
  /** Rows that the filter lets through, and the page of them. */
  total: number
  offset: number
  rows: EvalRow[]
  /** ms that all this took to compute: while it goes on, it is asked for the more seldom the longer that is. */
  tookMs: number
}

/** How far an evaluation that is under way has come, as the event stream tells it. */
export const EvalProgress = z.object({
  id: z.string(),
  jobId: z.string().nullable(),
  state: EvalState,
  /** Cells without an answer, and answers without a grade. */
  open: z.number(),
  ungraded: z.number(),
})
export type EvalProgress = z.infer<typeof EvalProgress>

export const EvalList = z.object({
  dataset: z.string().max(64).optional(),
  job: z.string().max(64).optional(),
})
export type EvalList = z.input<typeof EvalList>

export const ResumeDraft = z.object({
  /** Micro-dollars for each provider that the person has said yes to. */
  confirmed: z.number().int().min(0).nullable().default(null),
  /** Asks also for what failed, was cut or was lost; it may be paid a second time. */
  again: z.boolean().default(false),
})
export type ResumeDraft = z.input<typeof ResumeDraft>

export const FixDraft = z.object({
  rowKey: z.string().min(1).max(64),
  answer: z.string().trim().min(1, 'Write the answer.').max(200_000),
  reason: z.string().trim().max(2_000).default(''),
})
export type FixDraft = z.input<typeof FixDraft>

/** An answer to grade on its own, outside an evaluation. */
export const GradeDraft = z.object({
  grader: Grader,
  answer: z.string().max(200_000),
  expected: z.string().max(200_000).nullable().default(null),
  question: z.string().max(200_000).nullable().default(null),
})

/** What a fix wrote: a new training row, or the trained row itself when that was asked. */
export interface Fix {
  rowKey: string
  writtenKey: string
  /** The dataset's revision that the fix made. */
  revision: number
  fixes: Fixes
}

/** What came of the evaluations of a dataset since its newest version: "v4 = v3 + 6 fixes". */
export interface Fixes {
  datasetId: string
  datasetName: string
  /** Number of the newest version; null without one. */
  version: number | null
  /** Number that the next version will have. */
  next: number
  /** Fixes since then that are still there. */
  fixes: number
}

const PricePerMillion = z.object({
  /** Micro-dollars per million tokens. */
  input: z.number().min(0).max(1e12),
  cachedInput: z.number().min(0).max(1e12).nullable().default(null),
  output: z.number().min(0).max(1e12),
})

/** Prices to reckon with instead of the known ones. */
const LanePrices = z.object({ base: PricePerMillion.optional(), tuned: PricePerMillion.optional() })
export type LanePrices = z.input<typeof LanePrices>

const jsonText = (text: string, context: z.core.$RefinementCtx): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'The prices are not JSON.' })
    return z.NEVER
  }
}

export const WorthQuery = z.object({
  /** Examples in the base's prompt. */
  k: z.coerce.number().int().min(0).max(64).default(3),
  callsPerDay: z.coerce.number().min(0).max(1e9).default(1_000),
  /** Micro-dollars of training, instead of what it came to. */
  training: z.coerce.number().int().min(0).max(1e15).optional(),
  /** LanePrices as JSON text. */
  prices: z.string().max(2_000).transform(jsonText).pipe(LanePrices).optional(),
})
export type WorthQuery = z.infer<typeof WorthQuery>

/** One way to get answers: the base alone, the base with examples, the fine-tuned model. */
export interface WorthLane {
  kind: 'base' | 'fewShot' | 'tuned'
  providerId: ProviderId
  model: string
  fewShot: number
  /** The column that it was measured on. */
  column: number
  /** Its examples were not asked: the tokens of another number of them were added or taken away. Has no quality. */
  scaled: boolean
  /** Means of a call, as the provider counted them; null where it did not. */
  tokens: { prompt: number; cached: number; completion: number } | null
  /** Calls that the means are of. */
  n: number
  price: { input: number; cachedInput: number | null; output: number } | null
  /** Micro-dollars, may be a fraction; null where tokens or a price are not known. */
  costPerCall: number | null
  /** Micro-dollars a day at the number of calls asked for. */
  costPerDay: number | null
  /** The evaluation's own score; null for a scaled lane. */
  score: Score | null
  medianMs: number | null
}

/** How well the two answer: shares of passed answers, or mean scores, 0 to 1. */
export interface Quality {
  before: number
  after: number
  mean: boolean
  /** Which answers better by a paired test; null where the difference may be chance. */
  better: 'before' | 'after' | null
  p: number
}

/**
 * `free`: neither training nor calls cost; `paid`: training cost nothing and every call saves; `after`: paid back after
 * `calls`; `never`: a call of the fine-tuned model costs as much or more; `buys`: it does, and the money buys better
 * answers; `unknown`: a sum is missing.
 */
export interface BreakEven {
  verdict: 'free' | 'paid' | 'after' | 'never' | 'buys' | 'unknown'
  /** null where either was not asked or not judged. */
  quality: Quality | null
  /** Micro-dollars saved with every call; below zero each one costs more. */
  saving: number | null
  calls: number | null
  days: number | null
}

export interface Worth {
  evalId: string
  jobId: string | null
  callsPerDay: number
  k: number
  /** Micro-dollars that training came to, or that were assumed; null where it is not known. */
  training: number | null
  /** Tokens that the provider trained on; null where it did not say. */
  trainedTokens: number | null
  lanes: WorthLane[]
  /** The fine-tuned model beside each of the others; null where that lane is missing. */
  againstBase: BreakEven | null
  againstFewShot: BreakEven | null
}

export interface StepScore {
  step: number
  model: string
  /** Its place in the evaluation. */
  column: number
  final: boolean
  score: Score
}

/** How a run's checkpoints answer rows that they have not seen. */
export interface Scores {
  jobId: string
  /** The evaluation that they are of; null where there is none yet. */
  evalId: string | null
  state: EvalState | null
  graders: Grader[]
  base: Score | null
  /** In order of steps; the finished model is the last. */
  steps: StepScore[]
  /** Step with the highest score, the earliest of equals; null while it runs and without a score. */
  best: number | null
  lastIsBest: boolean | null
  /**
   * The best beside the last one, or, where the last is the best, beside the next best; `a` and `b` are columns. Corrected for having
   * picked the best on the same rows; null while it runs and without another one.
   */
  besideOthers: Difference | null
  /** The best beside the base, corrected likewise. */
  besideBase: Difference | null
  /** As of an EvalPage. */
  tookMs: number
  /** A draft of the evaluation that has not been made, where it would cost something: to be estimated and offered. */
  offer: EvalDraft | null
}

export const EvalJob = z.object({ job: z.string().min(1).max(64) })
export const EvalDataset = z.object({ dataset: z.string().min(1).max(64) })
