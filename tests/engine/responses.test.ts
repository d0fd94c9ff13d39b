import type OpenAI from 'openai'
import type {
  ResponseCreateParamsNonStreaming,
  ResponseOutputMessage,
} from 'openai/resources/responses/responses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newFolder, startEngine, stopEngine, type TestEngine } from '#tests/support/engine.ts'

let engine: TestEngine
let client: OpenAI

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  client = engine.client
})
afterAll(() => stopEngine(engine))

const SYSTEM = 'Answer briefly.'
const QUESTION = 'Tell me about Gold'

/** What a chat answers to the same. */
async function chatted(): Promise<string> {
  const messages = [
    { role: 'system' as const, content: SYSTEM },
    { role: 'user' as const, content: QUESTION },
  ]
  const { choices } = await client.chat.completions.create({
    model: 'limerick-base',
    temperature: 0,
    messages,
  })
  return choices[0]?.message.content ?? ''
}

type Ask = Partial<ResponseCreateParamsNonStreaming>
const asked = (more: Ask = {}): ResponseCreateParamsNonStreaming => ({
  model: 'gpt-4o-mini',
  temperature: 0,
  instructions: SYSTEM,
  input: QUESTION,
  ...more,
})
const respond = (more: Ask = {}) => client.responses.create(asked(more))

async function events(more: Ask = {}) {
  const all = []
  for await (const event of await client.responses.create({ ...asked(more), stream: true })) all.push(event)
  return all
}

describe('a response', () => {
  test('says what a chat says, in the SDK’s shape, and that it is not kept', async () => {
    const response = await respond({ metadata: { a: 'b' }, text: {}, store: true, include: [] })
    expect(response).toMatchObject({
      ...{ object: 'response', status: 'completed', error: null, incomplete_details: null, store: false },
      ...{ model: 'limerick-base', instructions: SYSTEM, temperature: 0, tools: [], metadata: { a: 'b' } },
      output: [
        { type: 'message', role: 'assistant', status: 'completed', id: expect.stringMatching(/^msg_/) },
      ],
    })
    expect(response.id).toMatch(/^resp_/)
    expect(response.output_text).toBe(await chatted())
    const { input_tokens = 0, output_tokens = 0, total_tokens } = response.usage ?? {}
    expect(input_tokens).toBeGreaterThan(10)
    expect(total_tokens).toBe(input_tokens + output_tokens)
  })

  test('reads items: turns of both sides, in parts or as text', async () => {
    const first = await respond()
    const input = [
      { role: 'user' as const, content: [{ type: 'input_text' as const, text: QUESTION }] },
      ...(first.output as ResponseOutputMessage[]),
      { role: 'user' as const, content: 'And Silver?' },
    ]
    const messages = [
      { role: 'system' as const, content: SYSTEM },
      { role: 'user' as const, content: QUESTION },
      { role: 'assistant' as const, content: first.output_text },
      { role: 'user' as const, content: 'And Silver?' },
    ]
    const chat = await client.chat.completions.create({ model: 'limerick-base', temperature: 0, messages })
    expect((await respond({ input })).output_text).toBe(chat.choices[0]?.message.content)
  })

  test('streams its events in OpenAI’s order, numbered, and ends with the whole', async () => {
    const all = await events()
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, index) => index))
    const types = all.map(({ type }) => type)
    const deltas = all.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []))
    expect(types).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      ...deltas.map(() => 'response.output_text.delta'),
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(deltas.length).toBeGreaterThan(3)
    expect(deltas.join('')).toBe((await respond()).output_text)
    const last = all.at(-1)
    expect(last).toMatchObject({
      response: { status: 'completed', usage: { output_tokens: expect.any(Number) } },
    })
    const whole = await client.responses.stream({ ...asked(), stream: true }).finalResponse()
    expect(whole.output_text).toBe(deltas.join(''))
  })

  test('names its events on the wire, which needs no [DONE]', async () => {
    const answer = await client.responses.create({ ...asked(), stream: true }).asResponse()
    const text = await answer.text()
    expect(text.startsWith('event: response.created\ndata: {')).toBe(true)
    expect(text).not.toContain('[DONE]')
  })

  test('that reaches its length is incomplete', async () => {
    const ending = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    expect(await respond({ max_output_tokens: 3 })).toMatchObject({ ...ending, usage: { output_tokens: 3 } })
    expect((await events({ max_output_tokens: 3 })).at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: ending,
    })
  })

  test.each<[string, unknown]>([
    ['tools', [{ type: 'web_search' }]],
    ['tool_choice', 'required'],
    ['previous_response_id', 'resp_1'],
    ['conversation', 'conv_1'],
    ['background', true],
    ['prompt', { id: 'pmpt_1' }],
    ['truncation', 'auto'],
    ['include', ['message.output_text.logprobs']],
    ['messages', [{ role: 'user', content: 'Hello' }]],
    ['max_tokens', 5],
    ['response_format', { type: 'json_object' }],
    ['stop', 'x'],
    ['seed', 1],
    ['n', 2],
    ['logprobs', true],
    ['logit_bias', { 1: 1 }],
    ['presence_penalty', 1],
    ['modalities', ['audio']],
    ['context_management', [{ type: 'compaction' }]],
  ])('is not given as if %s were not there', async (param, value) => {
    const error = { status: 400, code: 'unsupported_parameter', param }
    await expect(respond({ [param]: value })).rejects.toMatchObject(error)
  })

  test.each<[Ask, string, string]>([
    [{ text: { format: { type: 'json_object' } } }, 'unsupported_parameter', 'text.format'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'unsupported_value', 'input[0].type'],
    [
      { input: [{ type: 'function_call_output', call_id: 'c', output: '3' }] },
      'unsupported_value',
      'input[0].type',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:,', detail: 'auto' }] }] },
      'unsupported_content',
      'input[0].content',
    ],
    [{ input: [] }, 'empty_array', 'input'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_text' }] }] } as unknown as Ask,
      'missing_required_parameter',
      'input[0].content[0].text',
    ],
    [{ truncation: 'x' } as unknown as Ask, 'invalid_value', 'truncation'],
    [{ include: 'x' } as unknown as Ask, 'invalid_type', 'include'],
    [{ input: 'word '.repeat(2_000) }, 'context_length_exceeded', 'input'],
  ])('is refused (case %#)', async (more, code, param) => {
    await expect(respond(more)).rejects.toMatchObject({ status: 400, code, param })
  })

  test('cannot be fetched later, which is said', async () => {
    await expect(client.responses.retrieve('resp_1')).rejects.toMatchObject({
      status: 404,
      code: 'unsupported_endpoint',
      message: expect.stringContaining('No response is kept here'),
    })
  })
})

describe('a completion', () => {
  const complete = (more: object = {}) =>
    client.completions.create({ model: 'limerick-base', prompt: 'Gold is', temperature: 0, ...more })

  test('goes on with the text as it stands, 16 tokens long', async () => {
    const { object, model, choices, usage } = await complete()
    expect({ object, model }).toEqual({ object: 'text_completion', model: 'limerick-base' })
    expect(choices).toMatchObject([{ index: 0, logprobs: null, text: expect.any(String) }])
    // A chat's template alone takes more.
    expect(usage?.prompt_tokens).toBeLessThan(5)
    expect(usage?.completion_tokens).toBeLessThanOrEqual(16)
    const echoed = await complete({ echo: true })
    expect(echoed.choices[0]?.text).toBe(`Gold is${choices[0]?.text}`)
  })

  test('of several prompts answers each, n times, and streams the same', async () => {
    const more = { prompt: ['Gold is', 'Neon is a'], n: 2, max_tokens: 8 }
    const { choices, usage } = await complete(more)
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(choices[0]?.text).toBe(choices[1]?.text) // greedy
    expect(choices[0]?.text).not.toBe(choices[2]?.text)
    const [one, two] = [await complete({ prompt: 'Gold is' }), await complete({ prompt: 'Neon is a' })]
    expect(usage?.prompt_tokens).toBe((one.usage?.prompt_tokens ?? 0) + (two.usage?.prompt_tokens ?? 0))
    const texts = ['', '', '', '']
    const stream = await client.completions.create({
      ...{
        model: 'limerick-base',
        temperature: 0,
        stream: true as const,
        stream_options: { include_usage: true },
      },
      ...more,
    })
    let last: unknown
    for await (const chunk of stream) {
      for (const { index, text } of chunk.choices) texts[index] += text
      last = chunk.usage
    }
    expect(texts).toEqual(choices.map(({ text }) => text))
    expect(last).toEqual(usage)
  })

  test.each<[string, unknown]>([
    ['suffix', 'end'],
    ['logprobs', 2],
    ['logit_bias', { 1: 2 }],
    ['best_of', 3],
    ['presence_penalty', 1],
    ['messages', [{ role: 'user', content: 'Hello' }]],
    ['max_completion_tokens', 3],
    ['response_format', { type: 'json_object' }],
    ['tools', [{ type: 'function' }]],
    ['top_k', 3],
  ])('does not pass over %s', async (param, value) => {
    const error = { status: 400, code: 'unsupported_parameter', param }
    await expect(complete({ [param]: value })).rejects.toMatchObject(error)
  })

  test('writes no more answers than a chat does', async () => {
    await expect(complete({ prompt: ['Gold', 'Neon'], n: 65 })).rejects.toMatchObject({
      status: 400,
      param: 'n',
    })
  })

  test.each<[unknown, string]>([
    ['', 'string_below_min_length'],
    [[], 'empty_array'],
    [[[1, 2]], 'invalid_type'],
  ])('needs a text: %j', async (prompt, code) => {
    await expect(complete({ prompt })).rejects.toMatchObject({ status: 400, code })
  })
})

test.each([
  ['embeddings', 'makes no embeddings'],
  ['moderations', 'judges content'],
  ['images/generations', 'text only'],
  ['audio/speech', 'text only'],
  ['batches', 'one by one'],

  ['assistants', 'No conversation is kept'],
  ['vector_stores', 'No conversation is kept'],
  ['evals', 'Evals page'],
  ['fine_tuning/alpha/graders/run', 'grades on its Evals page'],
  ['responses/input_tokens', '/v1/tokenize'],
  ['responses/resp_1/cancel', 'No response is kept here'],
  ['fine-tunes', '/v1/fine_tuning/jobs'],
  ['edits', '/v1/chat/completions'],
  ['engines/davinci/completions', '/v1/models'],
  ['webhooks', 'Ask for the job'],
])('/v1/%s is said not to be offered, and what is', async (path, words) => {
  const refused = await client.post(`/${path}`, { body: {} }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 404, code: 'unsupported_endpoint' })
  expect(String(refused)).toContain(words)
  expect(String(refused)).toContain('/v1/chat/completions')
})
