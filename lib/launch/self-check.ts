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

/** Asks over a connection of which the system knows no user, as a stranger's would be. */
function statusForStranger(server: Server, port: number, probe: Probe): Promise<number> {
  const [theirs, ours] = duplexPair()
  server.emit('connection', ours)
  return statusOf(port, probe, { createConnection: () => theirs })
}

/** What is refused whoever asks. */
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

/** What is refused to everybody but the owner. */
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

/** ms for which the session of this check is good. */
const CHECK = 60_000

/**
 * Asks for the first page, and for what must be refused, of the running server itself: a door that is only said to be shut
 * is not shut.
 * @throws Error when something forbidden answers, or nothing does
 */
export async function checkOurselves(server: Server, port: number): Promise<void> {
  const cookie = newSession(CHECK)
  const page = await statusOf(port, { path: '/', headers: { cookie } })
  // One page that breaks on what is in the data folder must not keep people from all others.
  if (page !== 200) console.error(`The first page answered ${page}. The lines above say why.`)
  for (const probe of FORBIDDEN)
    refuseToStart(await statusOf(port, { ...probe, headers: { cookie, ...probe.headers } }), probe)
  for (const probe of PRIVATE) refuseToStart(await statusForStranger(server, port, probe), probe)
}
