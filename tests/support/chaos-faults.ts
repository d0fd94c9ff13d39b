import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

/** What the studio asks of a provider that trains. A list of jobs by an intent's metadata is a reconciliation. */
export type Operation =
  | 'create'
  | 'upload'
  | 'file'
  | 'retrieve'
  | 'events'
  | 'checkpoints'
  | 'result'
  | 'cancel'
  | 'reconcile'
  | 'discover'
  | 'models'

/** What the server behind would have said. Asked for once: asking is what commits. */
export interface Answer {
  status: number
  type: string
  body: Buffer
}

interface Call {
  answer(): Promise<Answer>
  response: ServerResponse
}

export const JSON_TYPE = 'application/json'
const HTML = '<!doctype html><html><body><h1>Sign in to the network</h1></body></html>'

/** Zeros that are no JSON, and a hundred times more than anybody reads: above every limit of the product. */
const BOMB_BYTES = 100 * 1024 * 1024
let bomb: Buffer | undefined
const gzipBomb = (): Buffer => (bomb ??= gzipSync(Buffer.alloc(BOMB_BYTES, '0'), { level: 1 }))

export function send(response: ServerResponse, { status, type, body }: Answer, headers = {}): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers })
  response.end(body)
}

const cutOff = ({ response }: Call): void => void response.socket?.destroy()

const refuse =
  (status: number, code: string | null, message: string, headers = {}) =>
  ({ response }: Call): void => {
    const body = JSON.stringify({ error: { message, type: 'server_error', param: null, code } })
    send(response, { status, type: JSON_TYPE, body: Buffer.from(body) }, headers)
  }

const page = (status: number) => (call: Call) =>
  send(call.response, { status, type: 'text/html', body: Buffer.from(HTML) })

async function flood(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': JSON_TYPE })
  const block = Buffer.alloc(1024 * 1024, '0')
  for (let sent = 0; sent < BOMB_BYTES && !response.destroyed; sent += block.length) {
    if (response.write(block)) continue
    const moved = new AbortController()
    const { signal } = moved
    // A client that has read enough disconnects; after that no drain event comes.
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
    moved.abort()
  }
  response.end()
}

/** Turns of the event loop in which a reader that leaves is noticed: its next request must not be told of a stall. */
export const TURNS = 20

/** Each as `net` would show it. Those that ask for the answer first are faults behind a commit. */
export const FAULTS = {
  latency: async (call) => {
    await wait(50)
    send(call.response, await call.answer())
  },
  stall: async (call) => {
    const { status, type } = await call.answer()
    call.response.writeHead(status, { 'content-type': type })
    call.response.flushHeaders()
  },
  'reset before': cutOff,
  'reset after': async (call) => {
    await call.answer()
    cutOff(call)
  },
  'cut body': async (call) => {
    const { status, type, body } = await call.answer()
    call.response.writeHead(status, { 'content-type': type, 'content-length': body.length })
    call.response.write(body.subarray(0, body.length / 2), () => cutOff(call))
  },
  slicer: async ({ answer, response }) => {
    const { status, type, body } = await answer()
    response.writeHead(status, { 'content-type': type })
    response.socket?.setNoDelay(true)
    for (const byte of body) {
      response.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    response.end()
  },
  'bad JSON': async ({ answer, response }) => {
    await answer()
    send(response, { status: 200, type: JSON_TYPE, body: Buffer.from('{"data": [') })
  },
  'HTML 200': page(200),
  'HTML 502': page(502),
  failure: async (call) => {
    await call.answer()
    refuse(500, null, 'The server had an error while processing your request.')(call)
  },
  overloaded: refuse(503, 'server_is_overloaded', 'That model is overloaded.'),
  timeout: refuse(408, null, 'Request timed out.'),
  conflict: refuse(409, null, 'The resource is being changed.'),
  'bad key': refuse(401, 'invalid_api_key', 'Incorrect API key provided.'),
  forbidden: refuse(403, null, 'You have insufficient permissions for this operation.'),
  'wind-down': refuse(403, 'training_not_available', 'Fine-tuning is not available to this organization.'),
  vanished: refuse(404, null, 'Nothing is here.'),
  'rate limit': refuse(429, 'rate_limit_exceeded', 'Rate limit reached.', { 'retry-after': '120' }),
  quota: refuse(429, 'insufficient_quota', 'You exceeded your current quota.', { 'retry-after': '1' }),
  'gzip bomb': async ({ answer, response }) => {
    await answer()
    send(response, { status: 200, type: JSON_TYPE, body: gzipBomb() }, { 'content-encoding': 'gzip' })
  },
  'huge body': async ({ answer, response }) => {
    await answer()
    await flood(response)
  },
  base64: async ({ answer, response }) => {
    const { body, ...rest } = await answer()
    send(response, { ...rest, body: Buffer.from(body.toString('base64')) })
  },
} satisfies Record<string, (call: Call) => void | Promise<void>>

/** Pages that repeat the end of the page before, that are always the first, or that move on while one reads. */
type PageFault = 'duplicate pages' | 'ignored after' | 'shifted pages'
export type Fault = keyof typeof FAULTS | PageFault

/** Faults behind which the provider has done what it was asked to. */
export const COMMITTED: readonly Fault[] = [
  'latency',
  'stall',
  'reset after',
  'cut body',
  'slicer',
  'bad JSON',
  'failure',
  'gzip bomb',
  'huge body',
  'duplicate pages',
  'ignored after',
  'shifted pages',
  'base64',
]
