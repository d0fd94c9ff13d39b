import http from 'node:http'

interface Probe {
  path: string
  method?: string
  headers?: Record<string, string>
}

function statusOf(port: number, { path, method = 'GET', headers = {} }: Probe): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, path, method, headers: { host: `localhost:${port}`, ...headers } },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    request.on('error', reject)
    request.end()
  })
}

/** What must be refused, asked of the running server itself: a door that is only said to be shut is not shut. */
const FORBIDDEN: Probe[] = [
  { path: '/v1/models' },
  { path: '/', headers: { host: 'limerick.example' } },
  {
    path: '/api/datasets',
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site', 'content-length': '0' },
  },
]

/**
 * Asks for the first page, and for three things that must be refused.
 * @throws Error when something forbidden answers, or nothing does
 */
export async function checkOurselves(port: number): Promise<void> {
  const page = await statusOf(port, { path: '/' })
  // One page that breaks on what is in the data folder must not keep people from all others.
  if (page !== 200) console.error(`The first page answered ${page}. The lines above say why.`)
  for (const probe of FORBIDDEN) {
    const status = await statusOf(port, probe)
    if (status < 400)
      throw new Error(
        `The server let in what it must refuse (${probe.method ?? 'GET'} ${probe.path}). It does not start like this.`,
      )
  }
}
