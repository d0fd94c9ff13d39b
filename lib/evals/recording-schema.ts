import { z } from 'zod'
import { DatasetName, Split } from '#lib/datasets/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { MOST_ROWS } from './constants.ts'
import { EvalId } from './schema.ts'

/** Most answers to each prompt at temperature 1. */
export const MOST_RECORDED = 8

/** A recording: a model answers prompts while it still can, so that a successor has something to be compared with. */
export const RecordingDraft = ModelRef.extend({
  /** Of the evaluation that it becomes. */
  id: EvalId,
  /** A dataset whose prompts are asked, with the splits; null for those below alone. */
  datasetId: z.string().max(64).nullable().default(null),
  splits: z.array(Split).max(2).default([]),
  /** At most so many of each split, the first ones. */
  rows: z
    .number()
    .int()
    .min(1, issue('evals.rowsAtLeast'))
    .max(MOST_ROWS, issue('evals.rowsAtMost'))
    .default(200),
  /** Further prompts, one in each line, and what is sent as their system prompt. */
  prompts: z.string().max(200_000).default(''),
  system: z.string().max(200_000).default(''),
  /** One answer to each prompt at temperature 0. */
  greedy: z.boolean().default(true),
  /** Answers to each prompt at temperature 1, which the seeds 1, 2, 3 … tell apart. */
  samples: z.number().int().min(0).max(MOST_RECORDED).default(1),
  maxTokens: z.number().int().min(1).max(32_768).default(512),
  /** Micro-dollars that the user has confirmed; required above the provider's `confirmAbove`. */
  confirmed: z.number().int().min(0).nullable().default(null),
})
  .refine(({ greedy, samples }) => greedy || samples > 0, {
    path: ['samples'],
    error: issue('evals.chooseAnswers'),
  })
  .refine(({ datasetId, splits, prompts }) => (datasetId && splits.length > 0) || prompts.trim() !== '', {
    path: ['prompts'],
    error: issue('evals.choosePrompts'),
  })

export type RecordingDraft = z.infer<typeof RecordingDraft>

/** The dataset that is made of a recording. */
export const RecordedDataset = z.object({ name: DatasetName })
export type RecordedDataset = z.infer<typeof RecordedDataset>
