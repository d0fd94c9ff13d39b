import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { streamOf } from './stream.ts'

type App = (request: Request) => Promise<Response>

/** How long an answer waits for a body that it does not need, in ms. */
const DRAIN = 30_000

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  const { method = 'GET' } = incoming
  // Reading only a part of the body must not cut the connection: the refusal has to go out on it.
  const body =
    method === 'GET' || method === 'HEAD' ? null : streamOf(incoming.iterator({ destroyOnReturn: false }))
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half', signal }
  // The address the caller used does not matter: only path and query are looked at.
  return new Request(new URL(incoming.url ?? '/', 'http://engine'), init)
}

/** Callers that are answered in the middle of an upload stumble (Node's own fetch crashes): they may finish first. */
async function receiveRest(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete) return
  incoming.resume()
  await finished(incoming, { signal: AbortSignal.timeout(DRAIN) }).catch(() => {})
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (!response.body) {
    outgoing.end()
    return
  }
  outgoing.flushHeaders()
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing)
}

/** Whoever leaves in the middle stops what was being made for them. */
async function exchange(app: App, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const left = new AbortController()
  outgoing.once('close', () => left.abort())
  try {
    const response = await app(requestOf(incoming, left.signal))
    await receiveRest(incoming)
    await send(response, outgoing)
  } catch {
    outgoing.destroy() // the answer had begun, or the request could not even be read: only a cut tells so
  }
}

/**
 * Serves `app` on 127.0.0.1 at a port of the system's choice, streaming both ways.
 * @returns the port
 */
export async function serve(app: App): Promise<{ port: number; server: Server }> {
  const server = createServer({ requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 30_000 })
  server.on('request', (incoming, outgoing) => void exchange(app, incoming, outgoing))
  server.on('upgrade', (_, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return { port: (server.address() as AddressInfo).port, server }
}
