import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { SamplingOptions } from './model/sampler.ts'
import { problem } from './problem.ts'
import type { GenerateOrder, Turn } from './worker/protocol.ts'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const ChatMessage = z.object({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.array(Part), z.string()]).nullish(),
})

/** Body of `POST /v1/chat/completions`: what the engine uses of it. Everything else is passed over, never refused. */
export const ChatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(ChatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  n: z.number().int().min(1).max(128).nullish(),
  stop: z.union([z.array(z.string()).max(4), z.string()]).nullish(),
  seed: z.number().int().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

function textOf(content: z.infer<typeof ChatMessage>['content'], index: number): string {
  if (typeof content === 'string') return content
  const texts = (content ?? []).map((part) => {
    if (part.type === 'text') return part.text ?? ''
    throw problem(
      'invalid',
      `Invalid 'messages[${index}].content': this model reads text only, not '${part.type}'.`,
      {
        code: 'unsupported_content',
        param: `messages.[${index}].content`,
      },
    )
  })
  return texts.join('')
}

const turnsOf = (messages: ChatRequest['messages']): Turn[] =>
  messages.map(({ role, content }, index) => ({ role, content: textOf(content, index) }))

/** What the request says, an explicit 0 or 1 included; where it is silent, the model's own defaults. */
export const samplingOf = (
  { temperature, top_p }: ChatRequest,
  defaults: SamplingOptions,
): SamplingOptions => ({
  temperature: temperature ?? defaults.temperature,
  topP: top_p ?? defaults.topP,
})

/** One order per choice; the choices differ by their seeds. */
export function ordersOf(
  request: ChatRequest,
  id: string,
  folder: string,
  sampling: SamplingOptions,
): GenerateOrder[] {
  const messages = turnsOf(request.messages)
  const seed = request.seed ?? randomInt(2 ** 31)
  return Array.from({ length: request.n ?? 1 }, (_, index) => ({
    kind: 'generate',
    id: `${id}-${index}`,
    model: folder,
    messages,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? Number.MAX_SAFE_INTEGER,
    ...sampling,
    seed: seed + index,
    stop: [request.stop ?? []].flat().filter((text) => text !== ''),
    topLogprobs: request.logprobs ? (request.top_logprobs ?? 0) : null,
  }))
}
