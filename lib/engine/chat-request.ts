import { z } from 'zod'
import type { Ask } from './generation.ts'
import { problem, unsupported } from './problem.ts'
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

type Test = (value: unknown) => boolean

const isSet: Test = (value) => value !== null && value !== undefined
const isTrue: Test = (value) => value === true
const isNotZero: Test = (value) => isSet(value) && value !== 0

/** Neither an empty list nor an empty object asks for anything. */
const holdsSomething: Test = (value) =>
  isSet(value) && (typeof value !== 'object' || Object.keys(value as object).length > 0)

const typeIn = (value: unknown): unknown => (value as { type?: unknown } | null)?.type

/** A wish that plain text does not fulfil. */
export const isNotText: Test = (value) => isSet(value) && typeIn(value) !== 'text'

/** A wish for a call; `none` and `auto` are content without one. */
const wantsCall: Test = (value) => isSet(value) && value !== 'none' && value !== 'auto'

/** Words of a refusal: what the engine does instead, or who else may do it. */
const NO_TOOLS = 'The built-in engine calls no tools; models of other providers (openai/…, compatible/…) may.'
export const NO_SCHEMA =
  'The built-in engine writes plain text: ask for the format in a message, or a model of another provider (openai/…, compatible/…).'
const NO_PENALTIES = 'The built-in engine samples by temperature and top_p alone: leave it out, or send 0.'

/** What the engine neither does nor passes over: parameter, when it asks for something, and the words. */
export type Refusals = readonly (readonly [param: string, asksFor: Test, words: string])[]

export const SHARED_REFUSALS: Refusals = [
  ['tools', holdsSomething, NO_TOOLS],
  ['tool_choice', wantsCall, NO_TOOLS],
]

const REFUSALS: Refusals = [
  ...SHARED_REFUSALS,
  ['functions', holdsSomething, NO_TOOLS],
  ['function_call', wantsCall, NO_TOOLS],
  ['response_format', isNotText, NO_SCHEMA],
  ['guided_json', isSet, NO_SCHEMA],
  ['guided_regex', isSet, NO_SCHEMA],
  ['guided_choice', isSet, NO_SCHEMA],
  ['guided_grammar', isSet, NO_SCHEMA],
  ['structured_outputs', holdsSomething, NO_SCHEMA],
  ['logit_bias', holdsSomething, 'The built-in engine weighs no tokens: leave it out.'],
  ['presence_penalty', isNotZero, NO_PENALTIES],
  ['frequency_penalty', isNotZero, NO_PENALTIES],
  ['audio', isSet, 'The built-in engine writes text only.'],
  [
    'modalities',
    (value) => Array.isArray(value) && value.some((each) => each !== 'text'),
    'The built-in engine writes text only.',
  ],
  ['web_search_options', isSet, 'The built-in engine searches nothing.'],
  ['store', isTrue, 'No answer is kept here: leave it out, or send false.'],
]

/** @throws AppError for the first parameter that asks for what the engine does not do */
export function refuseAll(request: Record<string, unknown>, refusals: Refusals): void {
  for (const [param, asksFor, words] of refusals) if (asksFor(request[param])) throw unsupported(param, words)
}

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
