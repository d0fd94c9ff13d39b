import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A small OpenAI-compatible server whose behaviour depends on the model's name, so that one server has every kind of fault.
 * `steady` answers in four tokens, `likely` with their probabilities, `repeats` with the caller's key among them, `json` in
 * JSON; `gated` sends one token and the rest when the test opens its gate; `late` sends nothing before that; `cut` closes the stream without a finish reason; `severed` breaks the connection; `error-frame` and `garbage`
 * end in a line that is no chunk; `refuses` answers 500, `hangs` never.
 */
export interface ChatProvider {
  baseURL: string
  key: string
  /** Bodies of the chat requests, in order of arrival. */
  asked: { model: string; [field: string]: unknown }[]
  /** Continues `gated` and `late` answers. */
  open(): void
  /** Resolves when a client has disconnected during an answer of that model. */
  left(model: string): Promise<void>
  close(): Promise<void>
}

export const ANSWER = ['Neon', ' is', ' a', ' gas']
const JSON_ANSWER = ['{"a"', ':1}']
const USAGE = { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 }

const line = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
const chunk = (model: string, choices: unknown[], more: object = {}) =>
  line({ id: `chatcmpl-${model}`, object: 'chat.completion.chunk', created: 1, model, choices, ...more })
const likely = (token: string) => {
  const own = { token, logprob: Math.log(0.75), bytes: null }
  return { ...own, top_logprobs: [own, { token: ' other', logprob: Math.log(0.125), bytes: null }] }
}
const token = (model: string, content: string) => {
  const logprobs =
    model === 'likely' || model === 'repeats' ? { content: [likely(content)], refusal: null } : null
  return chunk(model, [{ index: 0, delta: { content }, logprobs, finish_reason: null }])
}
const ending = (model: string) =>
  chunk(model, [{ index: 0, delta: {}, finish_reason: 'stop' }]) +
  chunk(model, [], { usage: USAGE }) +
  line('[DONE]')

const halvesOf = (text: string): string[] => [text.slice(0, 10), text.slice(10)]

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

const MODELS = {
  object: 'list',
  data: [
    { id: 'steady', object: 'model', created: 1_700_000_000, owned_by: 'test', shutdown_date: '2027-01-14' },
    { id: 'ft:steady:org:elle:AbCd1234', object: 'model', created: 1_700_000_001, owned_by: 'test' },
    { id: 'ft:steady:org:elle:AbCd1234:ckpt-step-80', object: 'model', owned_by: 'test' },
    { object: 'model', owned_by: 'nobody' },
  ],
}

const refusal = {
  error: { message: 'The server had an error', type: 'server_error', param: null, code: 'boom' },
}

export async function startChatProvider({ key = 'sk-test-provider-key-0001' } = {}): Promise<ChatProvider> {
  const asked: ChatProvider['asked'] = []
  const gone = new Map<string, PromiseWithResolvers<void>>()
  let gate = Promise.withResolvers<void>()
  const leaving = (model: string) => {
    const known = gone.get(model) ?? Promise.withResolvers<void>()
    gone.set(model, known)
    return known
  }

  const rest: Record<string, (response: ServerResponse, model: string) => unknown> = {
    cut: (response) => response.end(),
    severed: (response) => response.write('data: {"id"', () => response.destroy()),
    garbage: (response) => response.end(line('{"choices":')),
    'error-frame': (response) => response.end(line(refusal)),
    stalls: () => undefined,
  }

  async function chat(response: ServerResponse, model: string): Promise<void> {
    response.on('close', () => !response.writableFinished && leaving(model).resolve())
    if (model === 'hangs') return
    if (model === 'refuses') {
      response.writeHead(500, { 'content-type': 'application/json', 'x-request-id': 'req-1' })
      response.end(JSON.stringify(refusal))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': `req-${model}` })
    response.flushHeaders()
    if (model === 'late') await gate.promise
    const [first = '', ...others] = model === 'json' ? JSON_ANSWER : ANSWER
    response.write(token(model, first))
    if (model === 'gated') await gate.promise
    const early = rest[model]
    if (early) return void early(response, model)
    if (model === 'repeats') for (const part of halvesOf(key)) response.write(token(model, part))
    for (const text of others) response.write(token(model, text))
    response.end(ending(model))
  }

  // Keep-alive connections are never closed: only requested faults happen.
  const server = http.createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    if (request.headers.authorization !== `Bearer ${key}`) {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' } }),
      )
      return
    }
    if (request.url?.startsWith('/v1/models')) {
      response.setHeader('content-type', 'application/json')
      const name = decodeURIComponent(request.url.slice('/v1/models/'.length))
      response.end(
        JSON.stringify(name ? { id: name, object: 'model', created: 1, owned_by: 'test' } : MODELS),
      )
      return
    }
    // It has chats and models only; the studio also asks every provider for its jobs, now and then.
    if (request.method !== 'POST') {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: 'Unknown request URL.', code: 'unknown_url' } }))
      return
    }
    const body = JSON.parse(await bodyOf(request))
    asked.push(body)
    await chat(response, body.model)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    key,
    asked,
    open() {
      gate.resolve()
      gate = Promise.withResolvers()
    },
    left: (model) => leaving(model).promise,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
