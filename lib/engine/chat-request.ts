import { z } from 'zod'
import { apiError, unsupported } from './api-error.ts'
import type { Ask } from './generation.ts'
import { Metadata, refuseManyPairs } from './metadata.ts'
import { holdsSomething, isSet, isTrue, NO_SOUND, NO_TOOLS, refusalsBut, refuseAll } from './refusals.ts'
import type { Turn } from './worker/protocol.ts'

export const Temperature = z.number().min(0).max(2).nullish()
export const TopP = z.number().min(0).max(1).nullish()
/** There is only one tier; a response reports the tier it used if the request named another. */
export const ServiceTier = z.enum(['auto', 'default', 'flex', 'scale', 'priority']).nullish()
/** Extensions of this engine. */
export const Extensions = z
  .strictObject({
    /** `exact`: float32 weights, also for a model that answers with weights of 8 bits by default. */
    precision: z.enum(['auto', 'exact']).nullish(),
  })
  .nullish()
/** Whether a request asks for float32 weights. */
export const isExact = ({ limerick }: { limerick?: z.infer<typeof Extensions> }): boolean =>
  limerick?.precision === 'exact'
export const Stop = z.union([z.array(z.string()).max(4), z.string()]).nullish()

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const ChatMessage = z.looseObject({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.array(Part).min(1), z.string()]).nullish(),
})

const Penalty = z.number().min(-2).max(2).nullish()

/**
 * Body of `POST /v1/chat/completions`. Fields that change the answer's shape or text are supported or rejected
 * (`refuseUnsupported`); hints such as `user` and `verbosity` are ignored.
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
  modalities: z.array(z.enum(['text', 'audio'])).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  store: z.boolean().nullish(),
  service_tier: ServiceTier,
  metadata: Metadata,
  limerick: Extensions,
})
export type ChatRequest = z.infer<typeof ChatRequest>

const HONOURED = [
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'seed',
  'logprobs',
  'top_logprobs',
]
const REFUSALS = refusalsBut(HONOURED, [
  ['store', isTrue, 'No answer is kept here: leave it out, or send false.'],
])

/** Message fields for output or continuations of another provider's model. */
const MESSAGE_REFUSALS: readonly (readonly [field: string, words: string])[] = [
  ['tool_calls', NO_TOOLS],
  ['function_call', NO_TOOLS],
  ['audio', NO_SOUND],
  ['prefix', 'The built-in engine begins every answer itself.'],
]

function refuseMessage(message: ChatRequest['messages'][number], index: number): void {
  const at = `messages[${index}]`
  const { role, content } = message
  if (role === 'tool' || role === 'function')
    throw apiError('invalid', `Invalid value for '${at}.role': '${role}'. ${NO_TOOLS}`, {
      code: 'unsupported_value',
      param: `${at}.role`,
    })
  for (const [field, words] of MESSAGE_REFUSALS)
    if (message[field] !== false && holdsSomething(message[field])) throw unsupported(`${at}.${field}`, words)
  if (content === undefined || content === null)
    throw apiError('invalid', `Missing required parameter: '${at}.content'. Every message needs a text.`, {
      code: 'missing_required_parameter',
      param: `${at}.content`,
    })
}

/** Rejects two different lengths: one of them would be ignored. */
function refuseTwoLengths({ max_tokens: old, max_completion_tokens: now }: ChatRequest): void {
  if (!isSet(old) || !isSet(now) || old === now) return
  throw apiError(
    'invalid',
    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported: they differ.",
    { code: 'invalid_parameter_combination', param: 'max_tokens' },
  )
}

/** @throws AppError for fields that the schema allows but the engine does not support and must not ignore */
export function refuseUnsupported(request: ChatRequest): void {
  refuseAll(request, REFUSALS)
  refuseTwoLengths(request)
  refuseManyPairs(request.metadata)
  for (const [index, message] of request.messages.entries()) refuseMessage(message, index)
  if (isSet(request.top_logprobs) && !request.logprobs)
    throw apiError(
      'invalid',
      "Invalid value for 'top_logprobs': it is only allowed when 'logprobs' is true.",
      { code: 'invalid_value', param: 'top_logprobs' },
    )
}

/** The text of a text part. @throws AppError `invalid` if it has none */
export function textIn({ text }: { text?: string }, at: string): string {
  if (text !== undefined) return text
  throw apiError('invalid', `Missing required parameter: '${at}.text'.`, {
    code: 'missing_required_parameter',
    param: `${at}.text`,
  })
}

function textOf(content: ChatRequest['messages'][number]['content'], index: number): string {
  if (typeof content === 'string') return content
  const texts = (content ?? []).map((part, place) => {
    if (part.type === 'text') return textIn(part, `messages[${index}].content[${place}]`)
    const param = `messages[${index}].content`
    throw apiError('invalid', `Invalid '${param}': this model reads text only, not '${part.type}'.`, {
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
  exact: isExact(request),
})
