import { z } from 'zod'
import type { AnswerFacts } from './schema.ts'

const Word = z.string().max(512).nullish().catch(null)
const Words = z.string().nullish().catch(null)
const Tokens = z.number().int().min(0).nullish().catch(null)

/** What we read of a streamed chunk: a server may leave out, add or misspell anything. */
const ServedChunk = z.object({
  id: Word,
  model: Word,
  system_fingerprint: Word,
  choices: z
    .array(
      z.object({
        delta: z.object({ content: Words, refusal: Words }).nullish().catch(null),
        finish_reason: Word,
      }),
    )
    .nullish()
    .catch(null),
  usage: z
    .object({
      prompt_tokens: Tokens,
      completion_tokens: Tokens,
      prompt_tokens_details: z.object({ cached_tokens: Tokens }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
})

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
 * Takes from a served chunk what belongs to the answer's facts, and gives back its text.
 * @param ms since the request left
 * @throws ZodError for what is not an object
 */
export function take(facts: AnswerFacts, served: unknown, ms: number): string {
  const { id, model, system_fingerprint, choices, usage } = ServedChunk.parse(served)
  const choice = choices?.[0]
  facts.requestId = id || facts.requestId
  facts.reportedModel = model || facts.reportedModel
  facts.fingerprint = system_fingerprint || facts.fingerprint
  facts.finishReason = choice?.finish_reason || facts.finishReason
  facts.promptTokens = usage?.prompt_tokens ?? facts.promptTokens
  facts.cachedTokens = usage?.prompt_tokens_details?.cached_tokens ?? facts.cachedTokens
  facts.completionTokens = usage?.completion_tokens ?? facts.completionTokens
  const text = choice?.delta?.content || choice?.delta?.refusal || ''
  if (text) facts.firstTokenMs ??= ms
  return text
}
