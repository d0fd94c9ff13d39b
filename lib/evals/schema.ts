import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'
import { Interval } from '#lib/core/interval-schema.ts'
import { Split, VersionRef } from '#lib/datasets/schema.ts'
import { ErrorFacts } from '#lib/http/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { AnswerFacts, Sampling } from '#lib/playground/schema.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { MOST_COLUMNS, MOST_ROWS, ROW_FILTERS, ROW_SORTS } from './constants.ts'
import { Grade, Grader } from './graders/schema.ts'

export const EvalId = z.string().regex(/^eval_[0-9A-Za-z]{24}$/, issue('evals.idForm'))

const MOST_GRADERS = 8

/** A model that answers every row. */
export const Column = ModelRef.extend({
  /** Shown as its heading; the model's name if empty. */
  label: z.string().trim().max(120).default(''),
  /** Few-shot examples, from the training rows. */
  fewShot: z.number().int().min(0).max(64).default(0),
  /** Its own instead of the evaluation's: a model answers the same question several times. null shares them. */
  sampling: Sampling.pick({ temperature: true, seed: true }).nullable().default(null),
})
export type Column = z.infer<typeof Column>

/** What is asked. The id comes with the form: it is the intent. */
const Draft = z.object({
  id: EvalId,
  datasetId: z.string().min(1, issue('evals.chooseDataset')).max(64),
  /** null: the rows as they are now, which the evaluation keeps too. */
  versionId: z.string().max(64).nullable().default(null),
  /** Held-out rows by default; training rows only when asked for. */
  split: Split.default('heldout'),
  /** At most so many, the first ones. */
  rows: z
    .number()
    .int()
    .min(1, issue('evals.rowsAtLeast'))
    .max(MOST_ROWS, issue('evals.rowsAtMost'))
    .default(50),
  columns: z.array(Column).min(1, issue('evals.chooseModel')).max(MOST_COLUMNS, issue('evals.modelsAtMost')),
  graders: z.array(Grader).max(MOST_GRADERS),
  sampling: Sampling.default({ temperature: 0, topP: null, maxTokens: 256, seed: 0 }),
  /** Models of the built-in engine answer with float32 weights, also where 8 bits are the default. */
  exact: z.boolean().default(false),
  /** The job that is evaluated. */
  jobId: z.string().max(64).nullable().default(null),
  /** Micro-dollars for each provider that the user has confirmed; required above its `confirmAbove`. */
  confirmed: z.number().int().min(0).nullable().default(null),
})

/** A draft as it is stored: a recording is scored by nothing. */
export const StoredDraft = Draft

/** What the form holds, the routes take and the functions are given. */
export const EvalDraft = Draft.extend({
  graders: Draft.shape.graders.min(1, issue('evals.chooseGraders')),
})
export type EvalDraft = z.infer<typeof EvalDraft>
export type EvalDraftInput = z.input<typeof EvalDraft>

/**
 * Why a row is not asked: `inTraining` when a column's job was trained on the same prompt, or the prompt is among its
 * examples.
 */
const EXCLUSIONS = ['broken', 'blank', 'notChat', 'noAnswer', 'noPrompt', 'tools', 'inTraining'] as const
export const Exclusion = z.enum(EXCLUSIONS)
export type Exclusion = z.infer<typeof Exclusion>

export const ExcludedRow = z.object({
  key: z.string(),
  /** Its place among the rows of its split, from 1. */
  number: z.number(),
  /** The beginning of its question, if it has one. */
  question: z.string().nullable(),
  reason: Exclusion,
})
export type ExcludedRow = z.infer<typeof ExcludedRow>

/** Estimate of one column. Sums are micro-dollars. */
export const ColumnEstimate = Column.extend({
  /** Answers, and how many of them are stored already and free. */
  answers: z.number(),
  cached: z.number(),
  /** Tokens of open answers, by OpenAI's encoding; each as long as the expected one. */
  promptTokens: z.number(),
  completionTokens: z.number(),
  /** null when no price is known. */
  cost: z.number().nullable(),
})
export type ColumnEstimate = z.infer<typeof ColumnEstimate>

/** An estimate against a provider's limits. Sums are micro-dollars. */
export const ProviderEstimate = z.object({
  providerId: ProviderId,
  /** Of open answers; null when a price is unknown. */
  cost: z.number().nullable(),
  confirmAbove: z.number().nullable(),
  /** The form has to ask for a confirmation, of `cost` or of an unknown sum. */
  needsConfirmation: z.boolean(),
  monthlyCap: z.number().nullable(),
  /** Left of this month's spending limit; null without a limit. */
  left: z.number().nullable(),
  /** It would reach the spending limit and pause. */
  overCap: z.boolean(),
})
export type ProviderEstimate = z.infer<typeof ProviderEstimate>

export const EvalEstimate = z.object({
  datasetId: z.string(),
  revision: z.number(),
  split: Split,
  /** Rows that will be asked. */
  rows: z.number(),
  excluded: z.array(ExcludedRow),
  answers: z.number(),
  cached: z.number(),
  columns: z.array(ColumnEstimate),
  providers: z.array(ProviderEstimate),
  /** Of all providers together; null when a price is unknown. */
  cost: z.number().nullable(),
  /**
   * Of the open answers of the built-in engine, as fast as its newest ones were; null when it is asked nothing, or one
   * of its models has not answered yet.
   */
  seconds: z.number().nullable(),
})
export type EvalEstimate = z.infer<typeof EvalEstimate>

/** `paused`: until the user resumes it, or a pause ends by itself. `failed`: it could not go on; `error` says why. */
export const EvalState = z.enum(['running', 'paused', 'stopped', 'failed', 'done'])
export type EvalState = z.infer<typeof EvalState>

/** Why nothing is sent to a provider in this evaluation. */
export const Pause = Worded.extend({
  providerId: ProviderId,
  /** Of an AppError: over_cap, needs_confirmation, rate_limited, provider_refused … */
  code: z.string(),
  facts: Facts.nullable(),
  /** ms at which it goes on by itself; null: when the user resumes it. */
  until: z.number().nullable(),
})
export type Pause = z.infer<typeof Pause>

/** Two columns on the rows that both answered: `a` minus `b`. */
export const Difference = z.object({
  a: z.number(),
  b: z.number(),
  /** Rows that both answered. */
  n: z.number(),
  /** How many more rows `a` passes; for mean scores the mean difference, −1 to 1. */
  by: z.number(),
  /** Compares mean scores, not passes. */
  mean: z.boolean(),
  /** How likely a difference at least as large is if neither is better; corrected for several comparisons. */
  p: z.number(),
})
export type Difference = z.infer<typeof Difference>

/** How many of a column's answers passed. */
export const Score = z.object({
  passed: z.number(),
  /** Answers that count: complete and graded. */
  n: z.number(),
  /** Complete answers whose grader failed or took too long: neither passed nor failed. */
  notGraded: z.number(),
  /** passed / n; null while n is 0. */
  share: z.number().nullable(),
  /** 95 %, by Wilson. */
  interval: Interval,
  /** For graders with a gradual score: the mean and its 95 % interval. */
  mean: z.number().nullable(),
  meanInterval: Interval.nullable(),
})
export type Score = z.infer<typeof Score>

export const GraderScore = Score.extend({
  grader: Grader,
})
export type GraderScore = z.infer<typeof GraderScore>

/** Role of a column for the evaluated job. */
export const ColumnKind = z.enum(['base', 'fewShot', 'checkpoint', 'final', 'other'])
export type ColumnKind = z.infer<typeof ColumnKind>

export const ColumnScore = Column.extend({
  index: z.number(),
  kind: ColumnKind,
  /** The job that made the model; null for a base model, and for a model that was made elsewhere. */
  jobId: z.string().nullable(),
  /** The step at which the model was saved. */
  step: z.number().nullable(),
  /** Row keys of the examples in its prompts. */
  examples: z.array(z.string()),
  /** One for each grader, in their order. */
  scores: z.array(GraderScore),
  /** The evaluation's own score: answers that pass every grader. With one grader, that grader's score. */
  overall: Score,
  answered: z.number(),
  /** Cut before their end: kept, never scored. */
  interrupted: z.number(),
  failed: z.number(),
  /** Unfinished when the studio ended, and perhaps billed: asked again only when the user says so. */
  lost: z.number(),
  /** Not asked after several failures in a row. */
  skipped: z.number(),
  waiting: z.number(),
  /** Sums over its answers, as far as the provider counted. */
  promptTokens: z.number(),
  cachedTokens: z.number(),
  completionTokens: z.number(),
  /** Micro-dollars of these answers, whenever they were paid; null when a price or a count is unknown. */
  cost: z.number().nullable(),
  /** Answers that were stored already. */
  fromCache: z.number(),
  medianFirstTokenMs: z.number().nullable(),
  medianMs: z.number().nullable(),
})
export type ColumnScore = z.infer<typeof ColumnScore>

/** `skipped`: left out after its column failed several times in a row. */
export const CellState = z.enum(['waiting', 'asked', 'answered', 'interrupted', 'failed', 'lost', 'skipped'])
export type CellState = z.infer<typeof CellState>

/** A model's answer to a row, with its grades. Times in ms, money in micro-dollars. */
export const Cell = AnswerFacts.pick({
  finishReason: true,
  promptTokens: true,
  cachedTokens: true,
  completionTokens: true,
  firstTokenMs: true,
  reportedModel: true,
  requestId: true,
  cost: true,
}).extend({
  column: z.number(),
  state: CellState,
  text: z.string().nullable(),
  /** One for each grader, in their order; null when it does not count or is not graded yet. */
  grades: z.array(Grade).nullable(),
  /** Whether every grader passed it; null when it does not count or a grader could not grade it. */
  passed: z.boolean().nullable(),
  totalMs: z.number().nullable(),
  answeredAt: z.number().nullable(),
  error: ErrorFacts.nullable(),
  /** It was stored already and not asked for again. */
  fromCache: z.boolean(),
})
export type Cell = z.infer<typeof Cell>

/** The last column compared with the first; null while either has no answer that counts, or with one column. */
export const RowVerdict = z.enum(['worse', 'better', 'same']).nullable()
export type RowVerdict = z.infer<typeof RowVerdict>

export const EvalRow = z.object({
  key: z.string(),
  /** Its place among the rows of its split, from 1. */
  number: z.number(),
  /** Every turn before the expected answer. */
  messages: z.array(z.object({ role: z.string(), text: z.string() })),
  expected: z.string(),
  cells: z.array(Cell),
  verdict: RowVerdict,
  /** Mean score of the last column minus that of the first, −1 to 1. */
  change: z.number().nullable(),
  /** A corrected answer that was written for it here. */
  fix: z.object({ answer: z.string(), reason: z.string(), at: z.number() }).nullable(),
})
export type EvalRow = z.infer<typeof EvalRow>

export const EvalQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(0).max(200).default(50),
  /** `regressions`: first the rows where the last column is worse than the first. */
  sort: z.enum(ROW_SORTS).default('position'),
  /** `failing`: the last column does not pass; `different`: the graders give the columns different results. */
  filter: z.enum(ROW_FILTERS).default('all'),
})
export type EvalQuery = Partial<z.infer<typeof EvalQuery>>

/** Fields that a list and a page share. */
const EvalHead = z.object({
  id: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  /** null for rows without a version. */
  version: VersionRef.nullable(),
  /** `train`: the score tells what was memorised, not what generalises. */
  split: Split,
  jobId: z.string().nullable(),
  /** Started by the studio itself when a job ended. */
  sweep: z.boolean(),
  state: EvalState,
  cells: z.number(),
  done: z.number(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
})

/** An evaluation as a list shows it. */
export const EvalSummary = EvalHead.extend({
  rows: z.number(),
  columns: z.array(
    z.object({ label: z.string(), model: z.string(), share: z.number().nullable(), n: z.number() }),
  ),
})
export type EvalSummary = z.infer<typeof EvalSummary>

/** An evaluation and a page of its rows. */
export const EvalPage = EvalHead.extend({
  /** The dataset's revision of its rows. */
  revision: z.number(),
  /** Why it failed. */
  error: ErrorFacts.nullable(),
  pauses: z.array(Pause),
  graders: z.array(Grader),
  sampling: Sampling,
  /** Asked with float32 weights. */
  exact: z.boolean(),
  columns: z.array(ColumnScore),
  /** The last column minus what it is compared with; null while they have no answered row in common. */
  difference: Difference.nullable(),
  /** Rows that are asked, and those that cannot be. */
  rowCount: z.number(),
  excluded: z.array(ExcludedRow),
  /** Micro-dollars that this evaluation itself paid; null when a price or a count is unknown. */
  paid: z.number().nullable(),
  /** Rows that match the filter, and the page of them. */
  total: z.number(),
  offset: z.number(),
  rows: z.array(EvalRow),
  /** ms that computing this took: a page with a slow evaluation asks less often. */
  tookMs: z.number(),
})
export type EvalPage = z.infer<typeof EvalPage>

/** Progress of a running evaluation, as the event stream sends it. */
export const EvalProgress = EvalHead.pick({ id: true, jobId: true, state: true }).extend({
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
  /** Micro-dollars for each provider that the user has confirmed. */
  confirmed: z.number().int().min(0).nullable().default(null),
  /** Asks again for failed, cut and lost answers; these may be paid twice. */
  again: z.boolean().default(false),
})
export type ResumeDraft = z.input<typeof ResumeDraft>

export const FixDraft = z.object({
  rowKey: z.string().min(1).max(64),
  answer: z.string().trim().min(1, issue('evals.answerMissing')).max(200_000),
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

/** Fixes of a dataset since its newest version: "v4 = v3 + 6 fixes". */
export const Fixes = z.object({
  datasetId: z.string(),
  datasetName: z.string(),
  /** Number of the newest version; null without one. */
  version: z.number().nullable(),
  /** Number of the next version. */
  next: z.number(),
  /** Fixes since then that were not undone. */
  fixes: z.number(),
})
export type Fixes = z.infer<typeof Fixes>

/** What a fix wrote: a new training row, or the asked training row itself. */
export const Fix = z.object({
  rowKey: z.string(),
  writtenKey: z.string(),
  /** The dataset's revision that the fix made. */
  revision: z.number(),
  fixes: Fixes,
})
export type Fix = z.infer<typeof Fix>

export const PricePerMillion = z.object({
  /** Micro-dollars per million tokens. */
  input: z.number().min(0).max(1e12),
  cachedInput: z.number().min(0).max(1e12).nullable().default(null),
  output: z.number().min(0).max(1e12),
})

/** Prices that replace the known ones. */
const LanePrices = z.object({ base: PricePerMillion.optional(), tuned: PricePerMillion.optional() })
export type LanePrices = z.input<typeof LanePrices>

const jsonText = (text: string, context: z.core.$RefinementCtx): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: issue('evals.pricesNotJson') })
    return z.NEVER
  }
}

export const WorthQuery = z.object({
  /** Examples in the base model's prompt. */
  k: z.coerce.number().int().min(0).max(64).default(3),
  callsPerDay: z.coerce.number().min(0).max(1e9).default(1_000),
  /** Assumed cost of training in micro-dollars. */
  training: z.coerce.number().int().min(0).max(1e15).optional(),
  /** LanePrices as JSON text. */
  prices: z.string().max(2_000).transform(jsonText).pipe(LanePrices).optional(),
})
export type WorthQuery = z.infer<typeof WorthQuery>

export const StepScore = z.object({
  step: z.number(),
  model: z.string(),
  /** Its index in the evaluation. */
  column: z.number(),
  final: z.boolean(),
  score: Score,
})
export type StepScore = z.infer<typeof StepScore>

/** Scores of a job's checkpoints on held-out rows. */
export const Scores = z.object({
  jobId: z.string(),
  /** Their evaluation; null without one. */
  evalId: z.string().nullable(),
  state: EvalState.nullable(),
  graders: z.array(Grader),
  base: Score.nullable(),
  /** In order of steps; the finished model is the last. */
  steps: z.array(StepScore),
  /** Step with the highest score, the earliest of equals; null while it runs and without a score. */
  best: z.number().nullable(),
  lastIsBest: z.boolean().nullable(),
  /**
   * The best compared with the last one, or, if the last is the best, with the next best; `a` and `b` are columns.
   * Corrected for having picked the best on the same rows; null while it runs and without another one.
   */
  besideOthers: Difference.nullable(),
  /** The best compared with the base model, corrected in the same way. */
  besideBase: Difference.nullable(),
  /** Like an EvalPage's. */
  tookMs: z.number(),
  /** A draft of an evaluation that would cost something: not started, to be estimated and offered. */
  offer: EvalDraft.nullable(),
})
export type Scores = z.infer<typeof Scores>

/** The domain's quiz for the model of a job: what has training made it forget? */
export const Quiz = z.object({
  jobId: z.string(),
  questions: z.number(),
  /** One of the questions. */
  example: z.string(),
  /** The evaluation of the shipped base model and the fine-tuned model; null: not started. */
  evalId: z.string().nullable(),
})
export type Quiz = z.infer<typeof Quiz>

export const EvalJob = z.object({ job: z.string().min(1).max(64) })
export const EvalDataset = z.object({ dataset: z.string().min(1).max(64) })
