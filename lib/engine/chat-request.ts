import { z } from 'zod'
import type { Ask } from './generation.ts'
import { problem, unsupported } from './problem.ts'
import {
  holdsSomething,
  isNotText,
  isSet,
  isTrue,
  NO_SCHEMA,
  NO_SOUND,
  NO_TOOLS,
  type Refusals,
  refuseAll,
  SAMPLING_REFUSALS,
  TOOL_REFUSALS,
  wantsCall,
} from './refusals.ts'
import type { Turn } from './worker/protocol.ts'

export const Temperature = z.number().min(0).max(2).nullish()
export const TopP = z.number().min(0).max(1).nullish()
export const Stop = z.union([z.array(z.string()).max(4), z.string()]).nullish()

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const ChatMessage = z.looseObject({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.array(Part).min(1), z.string()]).nullish(),
})

const Penalty = z.number().min(-2).max(2).nullish()

/**
 * Body of `POST /v1/chat/completions`. What would change the answer's shape or text is honoured or refused
 * (`refuseUnsupported`); hints such as `user` and `service_tier` are passed over.
 */
export const ChatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(ChatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: Temperature,
  top_p: TopP,
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  n: z.number().int().min(1).max(128).nullish(),
  stop: Stop,
  seed: z.number().int().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  presence_penalty: Penalty,
  frequency_penalty: Penalty,
})
export type ChatRequest = z.infer<typeof ChatRequest>

const REFUSALS: Refusals = [
  ...TOOL_REFUSALS,
  ...SAMPLING_REFUSALS,
  ['functions', holdsSomething, NO_TOOLS],
  ['function_call', wantsCall, NO_TOOLS],
  ['response_format', isNotText, NO_SCHEMA],
  ['guided_json', isSet, NO_SCHEMA],
  ['guided_regex', isSet, NO_SCHEMA],
  ['guided_choice', isSet, NO_SCHEMA],
  ['guided_grammar', isSet, NO_SCHEMA],
  ['structured_outputs', holdsSomething, NO_SCHEMA],
  ['audio', isSet, NO_SOUND],
  ['modalities', (value) => Array.isArray(value) && value.some((each) => each !== 'text'), NO_SOUND],
  ['web_search_options', isSet, 'The built-in engine searches nothing.'],
  ['store', isTrue, 'No answer is kept here: leave it out, or send false.'],
]

function refuseMessage(message: ChatRequest['messages'][number], index: number): void {
  const at = `messages[${index}]`
  const { role, content } = message
  if (role === 'tool' || role === 'function')
    throw problem('invalid', `Invalid value for '${at}.role': '${role}'. ${NO_TOOLS}`, {
      code: 'unsupported_value',
      param: `${at}.role`,
    })
  for (const field of ['tool_calls', 'function_call'])
    if (holdsSomething(message[field])) throw unsupported(`${at}.${field}`, NO_TOOLS)
  if (content === undefined || content === null)
    throw problem('invalid', `Missing required parameter: '${at}.content'. Every message needs a text.`, {
      code: 'missing_required_parameter',
      param: `${at}.content`,
    })
}

/** @throws AppError for what the schema allows, the engine does not do, and nobody should think it had done */
export function refuseUnsupported(request: ChatRequest): void {
  refuseAll(request, REFUSALS)
  for (const [index, message] of request.messages.entries()) refuseMessage(message, index)
  if (isSet(request.top_logprobs) && !request.logprobs)
    throw problem(
      'invalid',
      "Invalid value for 'top_logprobs': it is only allowed when 'logprobs' is true.",
      { code: 'invalid_value', param: 'top_logprobs' },
    )
}

function textOf(content: ChatRequest['messages'][number]['content'], index: number): string {
  if (typeof content === 'string') return content
  const texts = (content ?? []).map((part) => {
    if (part.type === 'text') return part.text ?? ''
    const param = `messages[${index}].content`
    throw problem('invalid', `Invalid '${param}': this model reads text only, not '${part.type}'.`, {
      code: 'unsupported_content',
      param,
    })
  })
  return texts.join('')
}

const turnsOf = (messages: ChatRequest['messages']): Turn[] =>
  messages.map(({ role, content }, index) => ({ role, content: textOf(content, index) }))

export const askOf = (request: ChatRequest): Ask => ({
  model: request.model,
  prompts: [turnsOf(request.messages)],
  param: 'messages',
  n: request.n ?? 1,
  temperature: request.temperature,
  top_p: request.top_p,
  maxTokens: request.max_completion_tokens ?? request.max_tokens,
  stop: request.stop,
  seed: request.seed,
  topLogprobs: request.logprobs ? (request.top_logprobs ?? 0) : null,
})
