import { z } from 'zod'
import { Interval } from '#lib/core/interval-schema.ts'
import { ErrorFacts } from '#lib/http/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { MOST_PANES, MOST_SAMPLES } from './constants.ts'

/** Sampling parameters. null leaves the choice to the model's provider. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(2).nullable(),
  topP: z.number().min(0).max(1).nullable(),
  maxTokens: z.number().int().min(1).max(32_768),
  seed: z.number().int().min(0).max(2_147_483_647).nullable(),
})
export type Sampling = z.infer<typeof Sampling>

const Words = z.string().max(200_000)

export const Turn = z.object({ role: z.enum(['user', 'assistant']), content: Words })
export type Turn = z.infer<typeof Turn>

export const Pane = ModelRef.extend({
  /** Examples of the training data before the question. */
  fewShot: z.number().int().min(0).max(64).default(0),
  /** Replaces the shared sampling; null shares all of it. */
  sampling: Sampling.nullable().default(null),
  /** Earlier turns of this pane. */
  earlier: z.array(Turn).max(200).default([]),
})
export type Pane = z.infer<typeof Pane>

const MOST_ANSWERS = 32

const ComparisonId = z.string().regex(/^cmp_[0-9A-Za-z]{24}$/)

/** What every pane is asked. An empty system prompt is not sent. */
const Question = Sampling.extend({
  system: Words,
  prompt: z.string().trim().min(1, issue('playground.promptMissing')).max(200_000),
  samples: z.number().int().min(1).max(MOST_SAMPLES).default(1),
})

/** What is kept under a name to be asked again; without a prompt, it is a system prompt and settings. */
export const Preset = Question.extend({ prompt: Words })
export type Preset = z.infer<typeof Preset>

/** The same question to every pane. */
export const CompareRequest = Question.extend({
  /** Made by the caller, so that a comparison is asked only once. */
  id: ComparisonId,
  panes: z.array(Pane).min(1).max(MOST_PANES),
  /** Sides are shuffled and names hidden until a vote is cast. */
  blind: z.boolean().default(false),
  jobId: z.string().max(64).nullable().default(null),
  /** Source of few-shot examples. */
  data: z
    .object({ datasetId: z.string().max(64), versionId: z.string().max(64).nullable() })
    .nullable()
    .default(null),
})
  .refine(({ panes, samples }) => panes.length * samples <= MOST_ANSWERS, {
    error: issue('playground.tooManyAnswers'),
    params: { maximum: MOST_ANSWERS },
  })
  .refine(({ panes, blind }) => !blind || panes.length > 1, issue('playground.blindNeedsTwo'))
  .refine(
    ({ panes, data }) => data !== null || panes.every(({ fewShot }) => fewShot === 0),
    issue('playground.chooseExamples'),
  )
export type CompareRequest = z.infer<typeof CompareRequest>
export type CompareDraft = z.input<typeof CompareRequest>

/** Facts of an answer. Times in ms since its request was sent, on the server's monotonic clock. */
export const AnswerFacts = z.object({
  /** Tokens as the provider counted them; null if it did not. */
  promptTokens: z.number().nullable(),
  /** Tokens of the prompt that the provider had in its cache. */
  cachedTokens: z.number().nullable(),
  completionTokens: z.number().nullable(),
  firstTokenMs: z.number().nullable(),
  totalMs: z.number(),
  finishReason: z.string().nullable(),
  /** The model name in the answer itself, which may differ from the one asked for. */
  reportedModel: z.string().nullable(),
  requestId: z.string().nullable(),
  /** The provider's fingerprint of the weights and settings. */
  fingerprint: z.string().nullable(),
  /** Beginning of the SHA-256 of the messages that were sent. */
  promptHash: z.string(),
  /** Micro-dollars; null when no price or no count is known. */
  cost: z.number().nullable(),
  answeredAt: z.number(),
})
export type AnswerFacts = z.infer<typeof AnswerFacts>

/** A token that a model wrote, with its probability before temperature, and the likeliest tokens in its place. */
export const AnswerToken = z.object({
  text: z.string(),
  probability: z.number(),
  likeliest: z.array(z.object({ text: z.string(), probability: z.number() })),
})
export type AnswerToken = z.infer<typeof AnswerToken>

export const AnswerState = z.enum(['finished', 'interrupted', 'stopped', 'failed'])
export type AnswerState = z.infer<typeof AnswerState>

/** The model at a place; null while hidden. */
export const Name = Pane.pick({ providerId: true, model: true, fewShot: true }).nullable()
export type Name = z.infer<typeof Name>

const At = z.object({
  place: z.number(),
  sample: z.number(),
})

/** A line of the comparison's stream: what happened at which place. */
export const CompareChunk = z.discriminatedUnion('type', [
  At.extend({ type: z.literal('began'), name: Name }),
  /** The model as the server itself names it, as soon as it does. */
  At.extend({
    type: z.literal('named'),
    reportedModel: z.string().nullable(),
    requestId: z.string().nullable(),
  }),
  At.extend({
    type: z.literal('token'),
    text: z.string(),
    ms: z.number(),
    tokens: z.array(AnswerToken).optional(),
  }),
  At.extend({ type: z.literal('finished'), facts: AnswerFacts.partial() }),
  /** Cut before its end: the text so far is kept and never counts as an answer. */
  At.extend({ type: z.literal('interrupted'), facts: AnswerFacts.partial(), error: ErrorFacts.nullable() }),
  At.extend({ type: z.literal('failed'), error: ErrorFacts }),
])
export type CompareChunk = z.infer<typeof CompareChunk>

/** An answer that has ended; in a blind comparison without what would reveal its model. */
export const Answer = z.object({
  place: z.number(),
  sample: z.number(),
  state: AnswerState,
  text: z.string(),
  facts: AnswerFacts.partial(),
  error: ErrorFacts.nullable(),
  /** Empty where the provider told no probabilities, and in a list. */
  tokens: z.array(AnswerToken).default([]),
})
export type Answer = z.infer<typeof Answer>

export const VoteDraft = z.object({
  sample: z
    .number()
    .int()
    .min(0)
    .max(MOST_SAMPLES - 1),
  /** The place of the better answer; null for a tie. */
  winner: z
    .number()
    .int()
    .min(0)
    .max(MOST_PANES - 1)
    .nullable(),
})
export type VoteDraft = z.infer<typeof VoteDraft>

export const Vote = VoteDraft.extend({
  blind: z.boolean(),
  at: z.number(),
})
export type Vote = z.infer<typeof Vote>

/** The sample whose vote is taken back. */
export const WithdrawQuery = z.object({
  sample: z.coerce
    .number()
    .int()
    .min(0)
    .max(MOST_SAMPLES - 1),
})

/** A pane of a comparison, to ask again. */
export const AgainDraft = z.object({
  place: z
    .number()
    .int()
    .min(0)
    .max(MOST_PANES - 1),
})

/** A stored comparison. */
export const Comparison = z.object({
  id: z.string(),
  at: z.number(),
  jobId: z.string().nullable(),
  blind: z.boolean(),
  /** Blind, and without a vote so far. */
  hidden: z.boolean(),
  question: Question,
  /** In the order of the page. */
  panes: z.array(z.object({ name: Name, sampling: Sampling.nullable(), earlier: z.array(Turn) })),
  answers: z.array(Answer),
  votes: z.array(Vote),
})
export type Comparison = z.infer<typeof Comparison>

export const HistoryQuery = z.object({
  /** `at.id` of the last comparison of the page before. */
  after: z
    .string()
    .regex(/^\d+\.cmp_\w+$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
export type HistoryQuery = z.input<typeof HistoryQuery>

export const History = z.object({
  comparisons: z.array(Comparison),
  /** For `after`; null on the last page. */
  next: z.string().nullable(),
})
export type History = z.infer<typeof History>

/** A model in a count of votes: `PROVIDER/MODEL`, with `+3` for three examples in its prompt. */
export const WinRateQuery = z.object({ a: z.string().max(600), b: z.string().max(600) })
export type WinRateQuery = z.infer<typeof WinRateQuery>

/** How often b was preferred to a; the same two answers to the same question count once. */
export const Tally = z.object({
  votes: z.number(),
  wins: z.number(),
  losses: z.number(),
  ties: z.number(),
})
export type Tally = z.infer<typeof Tally>

/** Blind votes, and separately those that were cast with visible names. A tie is half a win for each. */
export const WinRate = Tally.extend({
  open: Tally,
  /** Share of b in the blind votes. */
  share: z.number().nullable(),
  /** 95 % interval of that share. */
  interval: Interval,
  /** Blind votes still needed until the interval excludes one half; null when unknown. */
  needed: z.number().nullable(),
})
export type WinRate = z.infer<typeof WinRate>

const PREFERENCE_FORMATS = ['openai', 'trl', 'csv'] as const
export const PreferenceQuery = z.object({
  format: z.enum(PREFERENCE_FORMATS).default('openai'),
  job: z.string().max(64).optional(),
})
export type PreferenceQuery = z.input<typeof PreferenceQuery>

export const PreferenceDraft = z.object({
  name: z.string().trim().min(1).max(120),
  job: z.string().max(64).optional(),
})
export type PreferenceDraft = z.infer<typeof PreferenceDraft>

/** The dataset that preferences were stored in, and the number of pairs. */
export const KeptPairs = z.object({ id: z.string(), rows: z.number() })
