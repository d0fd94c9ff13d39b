import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

/**
 * An OpenAI-compatible server that repeats the request's key everywhere in every answer: plain, as JSON and URL-encoded. The
 * model's name selects the answer, for other calls `refuses`.
 */
export interface EchoProvider {
  baseURL: string
  /** Status for refusing calls other than chat; null: they are served. */
  refuses: number | null
  close(): Promise<void>
}

const spellings = (key: string): string => `${key} ${JSON.stringify(key)} ${encodeURIComponent(key)}`

const headersOf = (key: string, type = 'application/json') => ({
  'content-type': type,
  'x-request-id': key,
  'retry-after': key,
  'cache-control': `max-age=1, ${key}`,
  'content-disposition': `attachment; filename="${encodeURIComponent(key)}"`,
  'www-authenticate': `Bearer ${key}`,
  'set-cookie': `key=${key}`,
  [`x-${key.replace(/\W/g, '-')}`]: key,
})

/** `type` is long too: more than any caller uses. */
const errorOf = (key: string) => ({
  message: `No: ${spellings(key)}`,
  type: `${key} ${'t'.repeat(500)}`,
  param: spellings(key),
  code: `code ${key}`,
  nested: { deep: [key, { key }] },
  [key]: key,
})

const usage = { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 }

const answerOf = (key: string) => ({
  id: key,
  object: 'chat.completion',
  created: 1,
  model: key,
  system_fingerprint: key,
  choices: [{ index: 0, finish_reason: key, message: { role: 'assistant', content: spellings(key) } }],
  usage,
})

const line = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`

const chunk = (key: string, content: string) =>
  line({
    id: key,
    object: 'chat.completion.chunk',
    created: 1,
    model: key,
    system_fingerprint: key,
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })

/** An answer, comments and names with the key, an error, and a last event that is cut off. */
const streamOf = (key: string): string =>
  [
    chunk(key, 'It is '),
    chunk(key, spellings(key)),
    `: ${key}\n\n`,
    `event: ${key}\nid: ${key}\n${line({ error: errorOf(key), choices: [] })}`,
    `data: {"garbage ${key}\n\n`,
    `data: ${key}`,
  ].join('')

const CHAT: Record<string, (response: ServerResponse, key: string) => unknown> = {
  whole: (response, key) => response.writeHead(200, headersOf(key)).end(JSON.stringify(answerOf(key))),
  'odd-type': (response, key) =>
    response.writeHead(200, headersOf(key, `text/${key}`)).end(JSON.stringify(answerOf(key))),
  'no-json': (response, key) => response.writeHead(200, headersOf(key, 'text/plain')).end(spellings(key)),
  'error-200': (response, key) =>
    response.writeHead(200, headersOf(key)).end(JSON.stringify({ error: errorOf(key) })),
  packed: (response, key) =>
    response
      .writeHead(200, { ...headersOf(key), 'content-encoding': 'gzip' })
      .end(gzipSync(JSON.stringify(answerOf(key)))),
  page: (response, key) => response.writeHead(200, headersOf(key, 'text/html')).end(`<html>${key}</html>`),
  elsewhere: (response, key) =>
    response.writeHead(302, { ...headersOf(key), location: `/${encodeURIComponent(key)}` }).end(key),
  stream: (response, key) => response.writeHead(200, headersOf(key, 'text/event-stream')).end(streamOf(key)),
  torn: async (response, key) => {
    response.writeHead(200, headersOf(key, 'text/event-stream'))
    for (const byte of Buffer.from(streamOf(key))) {
      response.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    response.end()
  },
  /** The key with one character per token, in a complete answer. */
  spelled: (response, key) => {
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage }
    const tokens = [...`It is ${key}.`].map((token) =>
      line({ choices: [{ index: 0, delta: { content: token }, finish_reason: null }] }),
    )
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end([...tokens, line(end), line('[DONE]')].join(''))
  },
}

/** Models of `CHAT`, and every error status. */
export const ECHOES = [
  ...Object.keys(CHAT),
  ...[400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504].map((status) => `${status}`),
]

function refuse(response: ServerResponse, status: number, key: string): void {
  response.writeHead(status, `No ${encodeURIComponent(key)}`, headersOf(key))
  response.end(JSON.stringify({ error: errorOf(key) }))
}

const job = (key: string) => ({
  id: `ftjob-${key}`,
  object: 'fine_tuning.job',
  status: 'failed',
  model: `base ${key}`,
  created_at: 1_700_000_000,
  finished_at: 1_700_000_001,
  fine_tuned_model: `ft:${key}`,
  error: errorOf(key),
  training_file: `file-${key}`,
  result_files: [`file-${key}`],
  metadata: { [key]: key },
})

const listOf = (...data: unknown[]) => ({ object: 'list', data, has_more: false })

/** Answers of all paths except chat. */
function served(path: string, key: string): unknown {
  if (path.endsWith('/models')) return listOf({ id: `model-${key}`, object: 'model', owned_by: key })
  if (path.endsWith('/events'))
    return listOf({
      id: `ev-${key}`,
      created_at: 1_700_000_000,
      level: 'error',
      message: spellings(key),
      type: key,
      data: { step: 1, train_loss: 1, error_code: key },
    })
  if (path.endsWith('/checkpoints'))
    return listOf({
      id: `ckpt-${key}`,
      created_at: 1,
      step_number: 1,
      fine_tuned_model_checkpoint: `ft:${key}:1`,
    })
  if (path.includes('/files'))
    return { id: `file-${key}`, status: 'processed', status_details: spellings(key), filename: key }
  return path.endsWith('/jobs') ? listOf(job(key)) : job(key)
}

export async function startEchoProvider(): Promise<EchoProvider> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = String(request.headers.authorization).replace('Bearer ', '')
    const path = (request.url ?? '').split('?')[0] ?? ''
    const body = await text(request)
    if (path.endsWith('/chat/completions')) {
      const { model } = JSON.parse(body) as { model: string }
      const reply = CHAT[model]
      if (reply) reply(response, key)
      else refuse(response, Number(model), key)
      return
    }
    if (provider.refuses !== null) return refuse(response, provider.refuses, key)
    const creates = request.method === 'POST' && path.endsWith('/jobs')
    response.writeHead(200, headersOf(key))
    response.end(JSON.stringify(creates ? job(key) : served(path, key)))
  }
  const server = http.createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider: EchoProvider = {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    refuses: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return provider
}
