import http, { type Server } from 'node:http'
import { duplexPair } from 'node:stream'
import { newSession } from '#lib/auth/sessions.ts'

interface Probe {
  path: string
  method?: string
  headers?: Record<string, string>
}

function statusOf(
  port: number,
  { path, method = 'GET', headers = {} }: Probe,
  through: http.RequestOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: { host: `localhost:${port}`, ...headers },
        ...through,
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    request.on('error', reject)
    request.end()
  })
}

/** Asks over a connection without a known user, like a stranger's. */
function statusForStranger(server: Server, port: number, probe: Probe): Promise<number> {
  const [theirs, ours] = duplexPair()
  server.emit('connection', ours)
  return statusOf(port, probe, { createConnection: () => theirs })
}

/** Refused to everybody. */
const FORBIDDEN: Probe[] = [
  { path: '/v1/models' },
  { path: '/openai/v1/models' },
  { path: '/', headers: { host: 'limerick.example' } },
  {
    path: '/api/datasets',
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site', 'content-length': '0' },
  },
]

/** Refused to everybody but the owner. */
const PRIVATE: Probe[] = [
  { path: '/' },
  { path: '/api/access/key' },
  {
    path: '/api/datasets',
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'content-length': '0' },
  },
]

function refuseToStart(status: number, { method = 'GET', path }: Probe): void {
  if (status >= 400) return
  throw new Error(`The server let in what it must refuse (${method} ${path}). It does not start like this.`)
}

/** ms for which the session of this check is valid. */
const CHECK = 60_000

/**
 * Requests the first page, and what must be refused, from the running server itself: access rules count only if they
 * work.
 * @throws Error when something forbidden answers, or nothing does
 */
export async function checkOurselves(server: Server, port: number): Promise<void> {
  const cookie = newSession(CHECK)
  const page = await statusOf(port, { path: '/', headers: { cookie } })
  // A first page that fails on the data must not keep the user from all others.
  if (page !== 200) console.error(`The first page answered ${page}. The lines above say why.`)
  for (const probe of FORBIDDEN)
    refuseToStart(await statusOf(port, { ...probe, headers: { cookie, ...probe.headers } }), probe)
  for (const probe of PRIVATE) refuseToStart(await statusForStranger(server, port, probe), probe)
}
