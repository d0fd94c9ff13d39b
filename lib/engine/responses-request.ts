import { z } from 'zod'
import { apiError, unsupported } from './api-error.ts'
import { Extensions, isExact, ServiceTier, Temperature, TopP, textIn } from './chat-request.ts'
import type { Ask } from './generation.ts'
import { Metadata, refuseManyPairs } from './metadata.ts'
import { isNotText, isTrue, NO_SCHEMA, refusalsBut, refuseAll } from './refusals.ts'
import type { Turn } from './worker/protocol.ts'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const Item = z.looseObject({
  type: z.string().nullish(),
  role: z.enum(['developer', 'system', 'user', 'assistant']).optional(),
  content: z.union([z.array(Part).min(1), z.string()]).nullish(),
})

/** Body of `POST /v1/responses`: each request holds the whole conversation, because responses are not stored. */
export const ResponseRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.array(Item).min(1), z.string().min(1)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  temperature: Temperature,
  top_p: TopP,
  stream: z.boolean().nullish(),
  text: z.looseObject({ format: z.unknown().optional() }).nullish(),
  metadata: Metadata,
  include: z.array(z.string()).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  service_tier: ServiceTier,
  stream_options: z.looseObject({}).nullish(),
  reasoning: z.looseObject({}).nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  limerick: Extensions,
})
export type ResponseRequest = z.infer<typeof ResponseRequest>

const LOGPROBS = 'message.output_text.logprobs'
const NO_LOGPROBS = 'Ask /v1/chat/completions, which gives log-probabilities.'

const REFUSALS = refusalsBut(
  ['input', 'instructions', 'max_output_tokens', 'text'],
  [
    ['background', isTrue, 'Responses are answered at once here, and none is kept.'],
    [
      'truncation',
      (value) => value === 'auto',
      'Nothing is cut here: send what fits the context of the model.',
    ],
    ['include', (value) => (value as string[] | null)?.includes(LOGPROBS) ?? false, NO_LOGPROBS],
  ],
)

/** @throws AppError for fields that the schema allows but the engine does not support */
export function refuseUnsupported(request: ResponseRequest): void {
  refuseAll(request, REFUSALS)
  refuseManyPairs(request.metadata)
  if (isNotText(request.text?.format)) throw unsupported('text.format', NO_SCHEMA)
}

type Item = z.infer<typeof Item>

const TEXTS = new Set(['input_text', 'output_text', 'text'])

function textOf({ content }: Item, at: string): string {
  const param = `${at}.content`
  if (content === undefined || content === null)
    throw apiError('invalid', `Missing required parameter: '${param}'.`, {
      code: 'missing_required_parameter',
      param,
    })
  if (typeof content === 'string') return content
  const texts = content.map((part, index) => {
    if (TEXTS.has(part.type)) return textIn(part, `${param}[${index}]`)
    throw apiError('invalid', `Invalid '${param}': this model reads text only, not '${part.type}'.`, {
      code: 'unsupported_content',
      param,
    })
  })
  return texts.join('')
}

function turnOf(item: Item, index: number): Turn {
  const at = `input[${index}]`
  const type = item.type ?? 'message'
  if (type !== 'message')
    throw apiError(
      'invalid',
      `Invalid value for '${at}.type': '${type}'. The built-in engine reads messages of text; it calls no tools, reasons in no items of its own and keeps none.`,
      { code: 'unsupported_value', param: `${at}.type` },
    )
  if (!item.role)
    throw apiError('invalid', `Missing required parameter: '${at}.role'.`, {
      code: 'missing_required_parameter',
      param: `${at}.role`,
    })
  return { role: item.role, content: textOf(item, at) }
}

function turnsOf({ instructions, input }: ResponseRequest): Turn[] {
  const said = typeof input === 'string' ? [{ role: 'user', content: input }] : input.map(turnOf)
  return instructions ? [{ role: 'system', content: instructions }, ...said] : said
}

export const askOf = (request: ResponseRequest): Ask => ({
  model: request.model,
  prompts: [turnsOf(request)],
  param: 'input',
  n: 1,
  temperature: request.temperature,
  top_p: request.top_p,
  maxTokens: request.max_output_tokens,
  stop: null,
  seed: null,
  topLogprobs: null,
  exact: isExact(request),
})
