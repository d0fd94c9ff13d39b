import { z } from 'zod'
import { Temperature, TopP } from './chat-request.ts'
import type { Ask } from './generation.ts'
import { problem, unsupported } from './problem.ts'
import {
  isNotText,
  isSet,
  isTrue,
  NO_LOGPROBS,
  NO_SCHEMA,
  type Refusals,
  refuseAll,
  TOOL_REFUSALS,
} from './refusals.ts'
import type { Turn } from './worker/protocol.ts'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const Item = z.looseObject({
  type: z.string().nullish(),
  role: z.enum(['developer', 'system', 'user', 'assistant']).optional(),
  content: z.union([z.array(Part).min(1), z.string()]).nullish(),
})

/** Body of `POST /v1/responses`: one request holds the whole conversation, because none is kept. */
export const ResponseRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.array(Item).min(1), z.string().min(1)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  temperature: Temperature,
  top_p: TopP,
  stream: z.boolean().nullish(),
  text: z.looseObject({ format: z.unknown().optional() }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
})
export type ResponseRequest = z.infer<typeof ResponseRequest>

const KEPT = 'No response is kept here: send the whole conversation as input.'

const REFUSALS: Refusals = [
  ...TOOL_REFUSALS,
  ['previous_response_id', isSet, KEPT],
  ['conversation', isSet, KEPT],
  ['background', isTrue, 'Responses are answered at once here, and none is kept.'],
  ['prompt', isSet, 'No prompt template is kept here: send instructions and input.'],
  [
    'truncation',
    (value) => value === 'auto',
    'Nothing is cut here: send what fits the context of the model.',
  ],
  ['top_logprobs', (value) => isSet(value) && value !== 0, NO_LOGPROBS],
  ['include', (value) => Array.isArray(value) && value.includes('message.output_text.logprobs'), NO_LOGPROBS],
]

/** @throws AppError for what the schema allows and the engine does not do */
export function refuseUnsupported(request: ResponseRequest): void {
  refuseAll(request, REFUSALS)
  if (isNotText(request.text?.format)) throw unsupported('text.format', NO_SCHEMA)
}

type Item = z.infer<typeof Item>

const TEXTS = new Set(['input_text', 'output_text', 'text'])

function textOf({ content }: Item, at: string): string {
  const param = `${at}.content`
  if (content === undefined || content === null)
    throw problem('invalid', `Missing required parameter: '${param}'.`, {
      code: 'missing_required_parameter',
      param,
    })
  if (typeof content === 'string') return content
  const texts = content.map(({ type, text = '' }) => {
    if (TEXTS.has(type)) return text
    throw problem('invalid', `Invalid '${param}': this model reads text only, not '${type}'.`, {
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
    throw problem(
      'invalid',
      `Invalid value for '${at}.type': '${type}'. The built-in engine reads messages of text; it calls no tools, reasons in no items of its own and keeps none.`,
      { code: 'unsupported_value', param: `${at}.type` },
    )
  if (!item.role)
    throw problem('invalid', `Missing required parameter: '${at}.role'.`, {
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
})
