import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** A request as it arrived. */
interface SeenRequest {
  /** `METHOD /path?query` */
  line: string
  headers: Headers
}

/** A provider's server on this machine, and what it was asked. */
export interface ProviderServer {
  origin: string
  seen: SeenRequest[]
  /** Connections that are closed instead of answered, by `METHOD /path`. */
  lost: Set<string>
  /** What is answered instead of the app's answer, by `METHOD /path`. */
  instead: Map<string, () => Response>
  /** While it is true, every connection is closed before anything is read. */
  offline: boolean
  close(): Promise<void>
}

/** Serves an app that behaves as a provider does. */
export async function serveProvider(app: Hono): Promise<ProviderServer> {
  const seen: SeenRequest[] = []
  const lost = new Set<string>()
  const instead = new Map<string, () => Response>()
  const listener = getRequestListener(async (request) => {
    const { pathname, search } = new URL(request.url)
    seen.push({ line: `${request.method} ${pathname}${search}`, headers: request.headers })
    return instead.get(`${request.method} ${pathname}`)?.() ?? app.fetch(request)
  })
  const server = http.createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    if (self.offline) return void request.socket.destroy()
    const name = `${request.method} ${request.url?.split('?')[0]}`
    if (!lost.has(name)) return void listener(request, response)
    // The work is done, and its answer is lost.
    const body: Buffer[] = []
    for await (const part of request) body.push(part)
    const headers = new Headers({ 'content-type': String(request.headers['content-type']) })
    if (request.headers.authorization) headers.set('authorization', request.headers.authorization)
    const init = { method: request.method ?? 'GET', headers, body: Buffer.concat(body) }
    await app.fetch(new Request(`http://provider${request.url}`, init))
    response.socket?.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const self: ProviderServer = {
    offline: false,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    lost,
    instead,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return self
}

/** A streamed answer in OpenAI's chunks, with its usage at the end. */
export function chatStream(model: string, words: readonly string[]): Response {
  const chunk = (more: object) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, ...more })}\n\n`
  const choice = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason }],
  })
  const usage = { prompt_tokens: 3, completion_tokens: words.length, total_tokens: 3 + words.length }
  const body = [
    ...words.map((content) => chunk(choice({ content }))),
    chunk(choice({}, 'stop')),
    chunk({ choices: [], usage }),
    'data: [DONE]\n\n',
  ]
  return new Response(body.join(''), { headers: { 'content-type': 'text/event-stream' } })
}
