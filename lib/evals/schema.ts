import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'
import { newId } from '#lib/core/ids.ts'
import { Interval } from '#lib/core/interval.ts'
import { Split, VersionRef } from '#lib/datasets/schema.ts'
import { ErrorFacts } from '#lib/http/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { AnswerFacts, Sampling } from '#lib/playground/schema.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { Grade, Grader } from './graders/schema.ts'

const EvalId = z.string().regex(/^eval_[0-9A-Za-z]{24}$/, issue('evals.idForm'))
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
  datasetId: z.string().min(1, issue('evals.chooseDataset')).max(64),
  /** null: the rows as they are now, which the evaluation keeps for good as well. */
  versionId: z.string().max(64).nullable().default(null),
  /** Rows that were kept back from training; trained ones only when they are named. */
  split: Split.default('heldout'),
  /** At most so many of them, the first ones. */
  rows: z
    .number()
    .int()
    .min(1, issue('evals.rowsAtLeast'))
    .max(MOST_ROWS, issue('evals.rowsAtMost'))
    .default(50),
  columns: z.array(Column).min(1, issue('evals.chooseModel')).max(MOST_COLUMNS, issue('evals.modelsAtMost')),
  graders: z.array(Grader).min(1, issue('evals.chooseGraders')).max(MOST_GRADERS),
  sampling: Sampling.default({ temperature: 0, topP: null, maxTokens: 256, seed: 0 }),
  /** The run that is looked at. */
  jobId: z.string().max(64).nullable().default(null),
  /** Micro-dollars for each provider that the person has said yes to; asked for above its `confirmAbove`. */
  confirmed: z.number().int().min(0).nullable().default(null),
})
export type EvalDraft = z.infer<typeof EvalDraft>
export type EvalDraftInput = z.input<typeof EvalDraft>

/** Why a row is not asked: `inTraining` when a column's run was trained on the same prompt, or it stands in its prompt. */
const EXCLUSIONS = ['broken', 'blank', 'notChat', 'noAnswer', 'noPrompt', 'tools', 'inTraining'] as const
export const Exclusion = z.enum(EXCLUSIONS)
export type Exclusion = z.infer<typeof Exclusion>

export const ExcludedRow = z.object({
  key: z.string(),
  /** Its place among the rows of its split, from 1. */
  number: z.number(),
  /** The beginning of its question, where it has one. */
  question: z.string().nullable(),
  reason: Exclusion,
})
export type ExcludedRow = z.infer<typeof ExcludedRow>

/** What one column will take. Sums are micro-dollars. */
export const ColumnEstimate = Column.extend({
  /** Answers, and those of them that are known already and cost nothing again. */
  answers: z.number(),
  cached: z.number(),
  /** Tokens of what is still to be asked, by OpenAI's encoding; answers as long as the expected ones. */
  promptTokens: z.number(),
  completionTokens: z.number(),
  /** null where no price is known. */
  cost: z.number().nullable(),
})
export type ColumnEstimate = z.infer<typeof ColumnEstimate>

/** What a provider's limits say to it. Sums are micro-dollars. */
export const ProviderEstimate = z.object({
  providerId: ProviderId,
  /** Of what is still to be asked; null where a price is not known. */
  cost: z.number().nullable(),
  confirmAbove: z.number().nullable(),
  /** The form has to ask for a second yes, to `cost` or to an unknown sum. */
  needsConfirmation: z.boolean(),
  monthlyCap: z.number().nullable(),
  /** Left of the cap this month; null without a cap. */
  left: z.number().nullable(),
  /** It would come to its cap on the way and pause there. */
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
  /** Of all providers together; null where a price is not known. */
  cost: z.number().nullable(),
})
export type EvalEstimate = z.infer<typeof EvalEstimate>

/**
 * `paused`: nothing goes on until a person resumes it, or a pause ends by itself. `failed`: it could not be gone on with,
 * and its `error` says why.
 */
export const EvalState = z.enum(['running', 'paused', 'stopped', 'failed', 'done'])
export type EvalState = z.infer<typeof EvalState>

/** Why nothing is sent to a provider in this evaluation. */
export const Pause = Worded.extend({
  providerId: ProviderId,
  /** As of an AppError: over_cap, needs_confirmation, rate_limited, provider_refused … */
  code: z.string(),
  facts: Facts.nullable(),
  /** ms; it goes on by itself then. null: when a person resumes it. */
  until: z.number().nullable(),
})
export type Pause = z.infer<typeof Pause>

/** Two columns on the rows that both answered: `a` less `b`. */
export const Difference = z.object({
  a: z.number(),
  b: z.number(),
  /** Rows that both answered. */
  n: z.number(),
  /** Rows that `a` passes more; of mean scores the mean difference, −1 to 1. */
  by: z.number(),
  /** Mean scores are compared, not passes. */
  mean: z.boolean(),
  /** How likely a difference at least as large is if neither is better; of several comparisons corrected. */
  p: z.number(),
})
export type Difference = z.infer<typeof Difference>

/** How many of a column's answers passed. */
export const Score = z.object({
  passed: z.number(),
  /** Answers that count: whole ones that were graded. */
  n: z.number(),
  /** Whole answers that the grader failed on or took too long for: neither passed nor failed. */
  notGraded: z.number(),
  /** passed / n; null while n is 0. */
  share: z.number().nullable(),
  /** 95 %, by Wilson. */
  interval: Interval,
  /** For graders that give more than yes and no: the mean of their scores and its 95 % interval. */
  mean: z.number().nullable(),
  meanInterval: Interval.nullable(),
})
export type Score = z.infer<typeof Score>

export const GraderScore = Score.extend({
  grader: Grader,
})
export type GraderScore = z.infer<typeof GraderScore>

/** What a column is to the run that is looked at. */
export const ColumnKind = z.enum(['base', 'fewShot', 'checkpoint', 'final', 'other'])
export type ColumnKind = z.infer<typeof ColumnKind>

export const ColumnScore = Column.extend({
  index: z.number(),
  kind: ColumnKind,
  /** The run that made the model; null for a base, and for one that was made elsewhere. */
  jobId: z.string().nullable(),
  /** The step that the model was saved at. */
  step: z.number().nullable(),
  /** Row keys of the examples in its prompts. */
  examples: z.array(z.string()),
  /** One for each grader, in their order. */
  scores: z.array(GraderScore),
  /** The evaluation's own score: answers that pass every grader. Of a single grader it is that one's score. */
  overall: Score,
  answered: z.number(),
  /** Cut before their end: kept, never scored. */
  interrupted: z.number(),
  failed: z.number(),
  /** Asked when the studio ended, and perhaps paid for: asked again only when a person says so. */
  lost: z.number(),
  /** Not asked any more after several failures in a row. */
  skipped: z.number(),
  waiting: z.number(),
  /** Sums over its answers, as far as the provider counted. */
  promptTokens: z.number(),
  cachedTokens: z.number(),
  completionTokens: z.number(),
  /** Micro-dollars of these answers, whenever they were paid; null where a price or a count is not known. */
  cost: z.number().nullable(),
  /** Of them those that this evaluation found already there. */
  fromCache: z.number(),
  medianFirstTokenMs: z.number().nullable(),
  medianMs: z.number().nullable(),
})
export type ColumnScore = z.infer<typeof ColumnScore>

/** `skipped`: left out after its column failed several times in a row. */
export const CellState = z.enum(['waiting', 'asked', 'answered', 'interrupted', 'failed', 'lost', 'skipped'])
export type CellState = z.infer<typeof CellState>

/** What a model said to a row, and what the graders say to that. Times in ms, money in micro-dollars. */
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
  /** One for each grader, in their order; null for what does not count and for what is not graded yet. */
  grades: z.array(Grade).nullable(),
  /** Whether every grader let it through; null for what does not count and where a grader could not say. */
  passed: z.boolean().nullable(),
  totalMs: z.number().nullable(),
  answeredAt: z.number().nullable(),
  error: ErrorFacts.nullable(),
  /** It was there already and not asked for again. */
  fromCache: z.boolean(),
})
export type Cell = z.infer<typeof Cell>

/** The last column beside the first; null while either has no answer that counts, or with one column. */
export const RowVerdict = z.enum(['worse', 'better', 'same']).nullable()
export type RowVerdict = z.infer<typeof RowVerdict>

export const EvalRow = z.object({
  key: z.string(),
  /** Its place among the rows of its split, from 1. */
  number: z.number(),
  /** What was asked: every turn before the expected answer. */
  messages: z.array(z.object({ role: z.string(), text: z.string() })),
  expected: z.string(),
  cells: z.array(Cell),
  verdict: RowVerdict,
  /** Mean score of the last column less that of the first, −1 to 1. */
  change: z.number().nullable(),
  /** A corrected answer was written for it here. */
  fix: z.object({ answer: z.string(), reason: z.string(), at: z.number() }).nullable(),
})
export type EvalRow = z.infer<typeof EvalRow>

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

/** What a list and a page both show of an evaluation. */
const EvalHead = z.object({
  id: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  /** null for rows that no version was made of. */
  version: VersionRef.nullable(),
  /** `train`: the score says what was memorised, not what was learnt. */
  split: Split,
  jobId: z.string().nullable(),
  /** Started by the studio itself when a run ended. */
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
  /** The dataset's revision that its rows are of. */
  revision: z.number(),
  /** Why it failed. */
  error: ErrorFacts.nullable(),
  pauses: z.array(Pause),
  graders: z.array(Grader),
  sampling: Sampling,
  columns: z.array(ColumnScore),
  /** The last column less what it is compared with; null while they have no answered row in common. */
  difference: Difference.nullable(),
  /** Rows that are asked, and those that cannot be. */
  rowCount: z.number(),
  excluded: z.array(ExcludedRow),
  /** Micro-dollars that this evaluation itself paid; null where a price or a count is not known. */
  paid: z.number().nullable(),
  /** Rows that the filter lets through, and the page of them. */
  total: z.number(),
  offset: z.number(),
  rows: z.array(EvalRow),
  /** ms that all this took to compute: while it goes on, it is asked for the more seldom the longer that is. */
  tookMs: z.number(),
})
export type EvalPage = z.infer<typeof EvalPage>

/** How far an evaluation that is under way has come, as the event stream tells it. */
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
  /** Micro-dollars for each provider that the person has said yes to. */
  confirmed: z.number().int().min(0).nullable().default(null),
  /** Asks also for what failed, was cut or was lost; it may be paid a second time. */
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

/** What came of the evaluations of a dataset since its newest version: "v4 = v3 + 6 fixes". */
export const Fixes = z.object({
  datasetId: z.string(),
  datasetName: z.string(),
  /** Number of the newest version; null without one. */
  version: z.number().nullable(),
  /** Number that the next version will have. */
  next: z.number(),
  /** Fixes since then that are still there. */
  fixes: z.number(),
})
export type Fixes = z.infer<typeof Fixes>

/** What a fix wrote: a new training row, or the trained row itself when that was asked. */
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

/** Prices to reckon with instead of the known ones. */
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
  /** Examples in the base's prompt. */
  k: z.coerce.number().int().min(0).max(64).default(3),
  callsPerDay: z.coerce.number().min(0).max(1e9).default(1_000),
  /** Micro-dollars of training, instead of what it came to. */
  training: z.coerce.number().int().min(0).max(1e15).optional(),
  /** LanePrices as JSON text. */
  prices: z.string().max(2_000).transform(jsonText).pipe(LanePrices).optional(),
})
export type WorthQuery = z.infer<typeof WorthQuery>

export const StepScore = z.object({
  step: z.number(),
  model: z.string(),
  /** Its place in the evaluation. */
  column: z.number(),
  final: z.boolean(),
  score: Score,
})
export type StepScore = z.infer<typeof StepScore>

/** How a run's checkpoints answer rows that they have not seen. */
export const Scores = z.object({
  jobId: z.string(),
  /** The evaluation that they are of; null where there is none yet. */
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
   * The best beside the last one, or, where the last is the best, beside the next best; `a` and `b` are columns. Corrected for having
   * picked the best on the same rows; null while it runs and without another one.
   */
  besideOthers: Difference.nullable(),
  /** The best beside the base, corrected likewise. */
  besideBase: Difference.nullable(),
  /** As of an EvalPage. */
  tookMs: z.number(),
  /** A draft of the evaluation that has not been made, where it would cost something: to be estimated and offered. */
  offer: EvalDraft.nullable(),
})
export type Scores = z.infer<typeof Scores>

export const EvalJob = z.object({ job: z.string().min(1).max(64) })
export const EvalDataset = z.object({ dataset: z.string().min(1).max(64) })
