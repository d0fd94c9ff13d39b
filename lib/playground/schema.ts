import { z } from 'zod'
import type { WireError } from '#lib/errors.ts'
import { ModelRef } from '#lib/models/schema.ts'

export const Pane = ModelRef.extend({ id: z.string().min(1).max(64) })
export type Pane = z.infer<typeof Pane>

/** Most answers that are asked for at once. */
export const MOST_PANES = 8

/** How an answer is drawn. null leaves the choice to the model's provider. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(2).nullable(),
  topP: z.number().min(0).max(1).nullable(),
  maxTokens: z.number().int().min(1).max(32_768),
  seed: z.number().int().min(0).max(2_147_483_647).nullable(),
})
export type Sampling = z.infer<typeof Sampling>

/** The same question to every pane. An empty system prompt is not sent. */
export const CompareRequest = Sampling.extend({
  system: z.string().max(200_000),
  prompt: z.string().trim().min(1, 'Write a prompt first.').max(200_000),
  panes: z
    .array(Pane)
    .min(1)
    .max(MOST_PANES)
    .refine((panes) => new Set(panes.map(({ id }) => id)).size === panes.length, 'Two panes have one id.'),
})
export type CompareRequest = z.infer<typeof CompareRequest>

/** What an answer took and who gave it. Times in ms since its request left, on the server's monotonic clock. */
export interface AnswerFacts {
  /** Tokens as the provider counted them; null where it did not say. */
  promptTokens: number | null
  completionTokens: number | null
  firstTokenMs: number | null
  totalMs: number
  finishReason: string | null
  /** The model name in the answer itself, which need not be the one that was asked for. */
  reportedModel: string | null
  requestId: string | null
  answeredAt: number
}

/** A line of the comparison's stream: what happened in which pane. */
export type CompareChunk =
  | { type: 'began'; pane: string; model: string }
  /** Who answers, in the server's own words, as soon as it says so. */
  | { type: 'named'; pane: string; reportedModel: string | null; requestId: string | null }
  | { type: 'token'; pane: string; text: string; ms: number }
  | ({ type: 'finished'; pane: string } & AnswerFacts)
  /** Cut before its end: what came is kept and never counts as an answer. */
  | ({ type: 'interrupted'; pane: string; error: WireError['error'] | null } & AnswerFacts)
  | { type: 'failed'; pane: string; error: WireError['error'] }
