import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/**
 * An OpenAI-compatible server; the model's name sets the pace and the ending of its answers:
 * `ENDING:COUNT:EVERY:TAG` is COUNT tokens, one each EVERY ms, and then the ending. Endings: `whole` with finish reason and
 * usage, `slow` too; `torn` the same, in pieces that respect no line and no character; `cut` closed without a finish reason;
 * `severed` the connection broken inside a line; `error` an error in place of a chunk; `stalled` nothing more, ever.
 * `silent` never even begins, `refused` is a 500, `html` a page of some proxy with status 200.
 */
export interface StreamProvider {
  baseURL: string
  /** Resolves when that model has got a request. */
  asked(model: string): Promise<void>
  /** Resolves with the wall-clock time in ms at which its reader disconnected. */
  left(model: string): Promise<number>
  /** Unfinished answers. */
  open(): number
  close(): Promise<void>
}

interface Plan {
  model: string
  ending: string
  count: number
  every: number
  tag: string
}

function planOf(model: string): Plan {
  const [ending = '', count, every, tag = ''] = model.split(':')
  return { model, ending, count: Number(count ?? 0), every: Number(every ?? 0), tag }
}

/** Text that careless code would change: characters of several bytes or code units, line ends, JSON escapes. */
const SPICE = [' é', ' 汉字', ' 👩‍🚀', '\n\n', ' "\\"', ' data:', '\u2028', ' .']

/** All tokens of one test differ, so that a lost, repeated, moved or foreign token shows. */
const tokenAt = (tag: string, index: number): string => ` ${tag}${index}${SPICE[index % SPICE.length]}`

/** The text that a reader must have received after the whole answer of that model. */
export function textOf(model: string): string {
  const { count, tag } = planOf(model)
  return Array.from({ length: count }, (_, index) => tokenAt(tag, index)).join('')
}

const event = (data: object | string): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`

const chunk = (model: string, choices: object[], more: object = {}): string =>
  event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, choices, ...more })

const token = ({ model, tag }: Plan, index: number): string =>
  chunk(model, [{ index: 0, delta: { content: tokenAt(tag, index) }, finish_reason: null }])

const usage = ({ count }: Plan): object => ({
  prompt_tokens: 7,
  completion_tokens: count,
  total_tokens: 7 + count,
})

const done = (plan: Plan): string =>
  chunk(plan.model, [{ index: 0, delta: {}, finish_reason: 'stop' }]) +
  chunk(plan.model, [], { usage: usage(plan) }) +
  event('[DONE]')

const BOOM = {
  error: { message: 'The server had an error', type: 'server_error', param: null, code: 'boom' },
}
const PAGE = '<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>'

const ENDINGS: Record<string, (response: ServerResponse, plan: Plan) => unknown> = {
  whole: (response, plan) => response.end(done(plan)),
  slow: (response, plan) => response.end(done(plan)),
  torn: (response, plan) => response.end(done(plan)),
  cut: (response) => response.end(),
  error: (response) => response.end(event(BOOM)),
  severed: (response) => response.write('data: {"id"', () => response.destroy()),
  stalled: () => undefined,
}

/** Bytes per write of a torn answer: no multiple of anything. */
const PIECE = 7

/** Writes each piece separately; without Nagle's delay it usually arrives separately too. */
function write(response: ServerResponse, plan: Plan, text: string): void {
  if (plan.ending !== 'torn') {
    response.write(text)
    return
  }
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += PIECE) response.write(bytes.subarray(at, at + PIECE))
}

/** Sends what is due by the clock, so that a busy machine delays tokens but never changes their number. */
function pace(response: ServerResponse, plan: Plan): void {
  const began = performance.now()
  let sent = 0
  const send = () => {
    const due = plan.every > 0 ? 1 + Math.floor((performance.now() - began) / plan.every) : plan.count
    for (; sent < Math.min(due, plan.count); sent++) write(response, plan, token(plan, sent))
    if (sent < plan.count) return
    clearInterval(timer)
    ENDINGS[plan.ending]?.(response, plan)
  }
  const timer = setInterval(send, Math.max(1, plan.every))
  response.on('close', () => clearInterval(timer))
  send()
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type })
  response.end(body)
}

function answer(response: ServerResponse, plan: Plan): void {
  if (plan.ending === 'silent') return
  if (plan.ending === 'html') reply(response, 200, 'text/html', PAGE)
  else if (!(plan.ending in ENDINGS)) reply(response, 500, 'application/json', JSON.stringify(BOOM))
  else {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': `req-${plan.tag}` })
    pace(response, plan)
  }
}

/** One promise per name, created by whichever comes first: waiting or resolving. */
export function mailbox<Value>() {
  const boxes = new Map<string, PromiseWithResolvers<Value>>()
  return (name: string): PromiseWithResolvers<Value> => {
    const known = boxes.get(name) ?? Promise.withResolvers<Value>()
    boxes.set(name, known)
    return known
  }
}

/** @param onLeft called when a reader disconnects before the end, with the time */
export async function startStreamProvider(
  onLeft: (model: string, at: number) => void = () => undefined,
): Promise<StreamProvider> {
  const asking = mailbox<void>()
  const leaving = mailbox<number>()
  let open = 0
  // Keep-alive connections are never closed: only requested faults happen.
  const server = http.createServer({ noDelay: true, keepAliveTimeout: 0 }, async (request, response) => {
    if (request.method !== 'POST')
      return reply(response, 200, 'application/json', '{"object":"list","data":[]}')
    const { model } = (await json(request)) as { model: string }
    open++
    response.on('close', () => {
      open--
      if (response.writableFinished) return
      const at = Date.now()
      leaving(model).resolve(at)
      onLeft(model, at)
    })
    asking(model).resolve()
    answer(response, planOf(model))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    asked: (model) => asking(model).promise,
    left: (model) => leaving(model).promise,
    open: () => open,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
