import { type AnswerPart, noteUsage } from '#lib/providers/answer-part.ts'
import type { AnswerFacts } from './schema.ts'

export const noFacts = (promptHash: string): AnswerFacts => ({
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  firstTokenMs: null,
  totalMs: 0,
  finishReason: null,
  reportedModel: null,
  requestId: null,
  fingerprint: null,
  promptHash,
  cost: null,
  answeredAt: Date.now(),
})

/**
 * Adds what a chunk of a streamed answer reports.
 * @param ms since the request was sent
 */
export function noteChunk(facts: AnswerFacts, chunk: AnswerPart, ms: number): void {
  facts.requestId = chunk.id ?? facts.requestId
  facts.reportedModel = chunk.model ?? facts.reportedModel
  facts.fingerprint = chunk.fingerprint ?? facts.fingerprint
  facts.finishReason = chunk.finishReason ?? facts.finishReason
  noteUsage(facts, chunk)
  if (chunk.text) facts.firstTokenMs ??= ms
}
