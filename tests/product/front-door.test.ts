import http from 'node:http'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type OpenAI from 'openai'
import { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionOf } from '../support/session.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => discard(studio))

interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
  bytes: Buffer
}

interface Call {
  path: string
  method?: string
  headers?: http.OutgoingHttpHeaders
  body?: string
}

/** A request with exactly these headers: fetch would correct Host and Origin. */
function call({ path, method = 'GET', headers = {}, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const request = http.request(
      {
        host: '127.0.0.1',
        port: studio.port,
        path,
        method,
        setHost: false,
        headers: { ...length, ...sessionOf(studio.port), ...headers },
      },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => {
          const bytes = Buffer.concat(parts)
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes.toString(), bytes })
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

const ABSENT = undefined
const hosts = () => [
  `localhost:${studio.port}`,
  `127.0.0.1:${studio.port}`,
  'localhost',
  'evil.example',
  `evil.example:${studio.port}`,
  `localhost:${studio.port}.evil.example`,
  '',
]
const origins = () => [
  ABSENT,
  `http://localhost:${studio.port}`,
  `http://127.0.0.1:${studio.port}`,
  'https://evil.example',
  'null',
  `https://localhost:${studio.port}`,
  `http://localhost:${studio.port + 1}`,
]
const SITES = [ABSENT, 'same-origin', 'same-site', 'cross-site', 'none']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const PATHS = ['/', '/datasets', '/api/datasets', '/api/jobs', '/v1/models', '/openai/v1/models']

interface Knock {
  path: string
  method: string
  host: string
  origin: string | undefined
  site: string | undefined
  key: boolean
}

const isForPrograms = (path: string) => path.startsWith('/v1') || path.startsWith('/openai')

/** What the rules say, written a second time and from the outside. */
function mayEnter({ path, method, host, origin, site, key }: Knock): boolean {
  const ours = [`localhost:${studio.port}`, `127.0.0.1:${studio.port}`]
  if (!ours.includes(host)) return false
  if (isForPrograms(path)) return origin === undefined && site === undefined && key
  if (origin !== undefined && !ours.map((name) => `http://${name}`).includes(origin)) return false
  if (!path.startsWith('/api/')) return method === 'GET' || method === 'HEAD'
  if (method !== 'GET' && method !== 'HEAD')
    return site === 'same-origin' || (site === undefined && origin !== undefined)
  return site === undefined || site === 'same-origin' || site === 'none'
}

function* knocks(): Generator<Knock> {
  for (const path of PATHS)
    for (const method of METHODS)
      for (const host of hosts())
        for (const origin of origins())
          for (const site of SITES)
            for (const key of isForPrograms(path) ? [true, false] : [false])
              yield { path, method, host, origin, site, key }
}

async function knock(how: Knock): Promise<Answer> {
  const headers: http.OutgoingHttpHeaders = { host: how.host }
  if (how.origin !== undefined) headers.origin = how.origin
  if (how.site !== undefined) headers['sec-fetch-site'] = how.site
  if (how.key) headers.authorization = `Bearer ${studio.key()}`
  const unsafe = how.method !== 'GET' && how.method !== 'HEAD'
  // Never a valid body: what gets in must not change anything while 10,000 of these pass.
  return call({
    path: how.path,
    method: how.method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: unsafe ? '[]' : undefined,
  })
}

describe('the front door', () => {
  test('Host × Origin × Sec-Fetch-Site × method × path × key: nothing comes in that may not', async () => {
    const all = [...knocks()]
    const wrong: string[] = []
    const counts = { in: 0, out: 0 }
    const worker = async () => {
      for (let next = all.pop(); next; next = all.pop()) {
        const { status } = await knock(next)
        const allowed = mayEnter(next)
        counts[allowed ? 'in' : 'out']++
        const refused = [400, 401, 403, 405, 421].includes(status)
        if (allowed ? [401, 403, 421].includes(status) || status >= 500 : !refused)
          wrong.push(`${status} ${JSON.stringify(next)}`)
      }
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    expect(counts.out).toBeGreaterThan(5_000)
    expect(counts.in).toBeGreaterThan(200)
    expect(wrong).toEqual([])
  })

  test('every kind of answer carries the security headers and none of Next’s own', async () => {
    const host = `localhost:${studio.port}`
    const answers = await Promise.all([
      call({ path: '/', headers: { host } }),
      call({ path: '/datasets', headers: { host } }),
      call({ path: '/nowhere', headers: { host } }),
      call({ path: '/api/datasets', headers: { host } }),
      call({ path: '/api/nowhere', headers: { host } }),
      call({ path: '/v1/models', headers: { host } }),
      call({ path: '/', headers: { host: 'evil.example' } }),
      call({
        path: '/api/datasets',
        method: 'POST',
        headers: { host, origin: 'https://evil.example' },
        body: '{}',
      }),
    ])
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      })
      expect(headers['content-security-policy']).toBeTruthy()
      expect(headers['cache-control']).toContain('no-store')
      expect(
        Object.keys(headers).filter((name) => name === 'x-powered-by' || name.startsWith('x-middleware')),
      ).toEqual([])
    }
  })

  test('each page has a nonce of its own, and its scripts carry it', async () => {
    const host = `localhost:${studio.port}`
    const pages = await Promise.all([
      call({ path: '/', headers: { host } }),
      call({ path: '/', headers: { host } }),
    ])
    const nonces = pages.map(
      ({ headers }) => /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1],
    )
    expect(nonces[0]).not.toBe(nonces[1])
    for (const [index, { body }] of pages.entries()) {
      const tags = body.match(/<script\b[^>]*>/g) ?? []
      expect(tags.length).toBeGreaterThan(3)
      expect(tags.filter((tag) => !tag.includes(`nonce="${nonces[index]}"`))).toEqual([])
    }
  })

  test('a caller cannot choose the nonce', async () => {
    const { headers } = await call({
      path: '/',
      headers: {
        host: `localhost:${studio.port}`,
        'x-nonce': 'chosen',
        'content-security-policy': "script-src 'nonce-chosen'",
      },
    })
    expect(headers['content-security-policy']).not.toContain('chosen')
  })

  test.each(['x-middleware-subrequest', 'next-resume', 'x-forwarded-host', 'next-action'])(
    '%s is not believed',
    async (name) => {
      const { status } = await call({ path: '/', headers: { host: `localhost:${studio.port}`, [name]: '1' } })
      expect(status).toBe(200)
    },
  )

  test('the JSON of a route is packed for who takes that, and says so', async () => {
    const host = { host: `localhost:${studio.port}` }
    const plain = await call({ path: '/api/datasets', headers: host })
    const packed = await call({ path: '/api/datasets', headers: { ...host, 'accept-encoding': 'gzip' } })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(packed.headers).toMatchObject({ 'content-type': 'application/json', 'content-encoding': 'gzip' })
    expect(gunzipSync(packed.bytes).toString()).toBe(plain.body)
  })

  test('an oversized body is refused before it is read', async () => {
    const { status } = await call({
      path: '/api/jobs',
      method: 'POST',
      headers: {
        host: `localhost:${studio.port}`,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        'content-length': 64 * 1024 * 1024,
      },
    })
    expect(status).toBe(413)
  })

  test.each([
    '/datasets/%ZZ',
    '/api/jobs/%ZZ',
    '*',
    'http://localhost/api/jobs',
    '/x/../api/datasets',
    '/./api/datasets',
    '/samples/../api/access/key',
    '/_next/static/%2e%2e/%2E./api/access/key',
    '/v1/../api/access/key',
    '/v1/models/..%2f..%2fapi/access/key',
    '//api/datasets',
    '/api//datasets',
    '/api/datasets/%2F/count',
    '/x\\..\\api/datasets',
    '/samples/..%5capi/datasets',
    '/%61pi/datasets',
    '/api%2Fdatasets',
    '/%761/models',
    '/samples/x#/../../api/datasets',
  ])('an address that another reader would read otherwise is refused in words: %s', async (path) => {
    const headers = { host: `localhost:${studio.port}`, authorization: `Bearer ${studio.key()}` }
    const { status, body } = await call({ path, headers })
    expect(status).toBe(400)
    expect(body).toContain('is not a path')
  })

  test.each(['/datasets/a%2Fb', '/datasets/', '/api/datasets/%C3%A9/count', '/v1/models/ft%3Ano%2Fsuch'])(
    'an encoded name is read: %s',
    async (path) => {
      const headers = { host: `localhost:${studio.port}`, authorization: `Bearer ${studio.key()}` }
      expect((await call({ path, headers })).status).not.toBe(400)
    },
  )

  test('two Host headers are refused', async () => {
    const host = `Host: localhost:${studio.port}\r\n`
    const socket = connect(studio.port, '127.0.0.1')
    socket.end(`GET /api/datasets HTTP/1.1\r\n${host}${host}\r\n`)
    const answer = Buffer.concat(await socket.toArray()).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('one Host header')
  })

  test.each(['/', '/datasets', '/_next/static/x.js', '/samples/elle.jsonl'])(
    'a page is only read: %s',
    async (path) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const headers = { host: `localhost:${studio.port}`, 'sec-fetch-site': 'same-origin' }
        const { status, headers: answered } = await call({ path, method, headers })
        expect(status).toBe(405)
        expect(answered.allow).toBe('GET, HEAD')
      }
    },
  )

  test.each([
    [400, { path: '/v1//models' }],
    [401, { path: '/v1/models', headers: { authorization: 'Bearer lk-of-nobody' } }],
    [403, { path: '/v1/models', headers: { origin: 'https://evil.example' } }],
    [405, { path: '/v1/models', method: 'PROPFIND' }],
    [413, { path: '/v1/chat/completions', method: 'POST', headers: { 'content-length': 9 * 1024 * 1024 } }],
    [421, { path: '/v1/models', headers: { host: 'evil.example' } }],
  ])('a refusal under /v1 has the shape of OpenAI: %i', async (status, { path, method, headers }: Call) => {
    const answer = await call({
      path,
      method,
      headers: { host: `localhost:${studio.port}`, authorization: `Bearer ${studio.key()}`, ...headers },
    })
    expect(answer.status).toBe(status)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(JSON.parse(answer.body)).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: null,
        code: expect.any(String),
      },
    })
  })

  test('no answer under /v1 is kept by a cache', async () => {
    const headers = { host: `localhost:${studio.port}`, authorization: `Bearer ${studio.key()}` }
    for (const path of ['/v1/models', '/v1/models/limerick-base', '/v1/files', '/v1/fine_tuning/jobs']) {
      const answer = await call({ path, headers })
      expect(answer.status).toBe(200)
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  test.each(['APPLICATION/JSON', 'Application/Json; charset=UTF-8', 'application/json ;x=1'])(
    'JSON is taken under any spelling of its type: %s',
    async (type) => {
      const headers = {
        host: `localhost:${studio.port}`,
        'sec-fetch-site': 'same-origin',
        'content-type': type,
      }
      const { status } = await call({ path: '/api/datasets', method: 'POST', headers, body: '[]' })
      expect(status).toBe(400)
    },
  )

  test('a type that only begins like JSON is not taken', async () => {
    const headers = {
      host: `localhost:${studio.port}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json-seq',
    }
    const { status } = await call({ path: '/api/datasets', method: 'POST', headers, body: '[]' })
    expect(status).toBe(415)
  })

  test('a client that still sends its 27 MB sees the refusal, whichever it is', async () => {
    const content = 'x'.repeat(27 * 1024 * 1024)
    const ask = (sdk: OpenAI) =>
      sdk.chat.completions
        .create({ model: 'limerick-base', messages: [{ role: 'user', content }] })
        .then(() => 200)
        .catch((error: { status?: number }) => error.status)
    const wrongKey = studio.sdk().withOptions({ apiKey: 'lk-of-nobody' })
    const refused: unknown[] = []
    for (let tries = 0; tries < 5; tries++) refused.push(await ask(studio.sdk()))
    expect(refused).toEqual([413, 413, 413, 413, 413])
    expect(await ask(wrongKey)).toBe(413)
    const file = await toFile(Buffer.from(content), 'a.jsonl')
    await expect(wrongKey.files.create({ file, purpose: 'fine-tune' })).rejects.toMatchObject({ status: 401 })
  })

  test.each([
    ['2 KB', 2_000, 40],
    ['1 MB', 1_000_000, 20],
    ['20 MB', 20_000_000, 5],
  ])('an upload of %s under a wrong key is told so every time', async (_size, bytes, tries) => {
    const wrongKey = studio.sdk().withOptions({ apiKey: 'lk-of-nobody' })
    const seen: unknown[] = []
    for (let index = 0; index < tries; index++) {
      const file = await toFile(Buffer.alloc(bytes, '{}\n'), 'a.jsonl')
      const upload = wrongKey.files.create({ file, purpose: 'fine-tune' })
      seen.push(await upload.catch((error: { status?: number }) => error.status))
    }
    expect(seen).toEqual(seen.map(() => 401))
  })

  test('a body that grows past its limit without having said so is refused in words', async () => {
    const request = http.request({
      host: '127.0.0.1',
      port: studio.port,
      path: '/v1/fine_tuning/jobs',
      method: 'POST',
      headers: {
        host: `localhost:${studio.port}`,
        authorization: `Bearer ${studio.key()}`,
        'content-type': 'application/json',
      },
    })
    const answered = new Promise<http.IncomingMessage>((resolve, reject) =>
      request.on('response', resolve).on('error', reject),
    )
    for (let megabytes = 0; megabytes < 20; megabytes++) request.write('x'.repeat(1024 * 1024))
    request.end()
    const answer = await answered
    expect(answer.statusCode).toBe(413)
    expect(Buffer.concat(await answer.toArray()).toString()).toContain('too_large')
  })

  test('the image optimizer and WebSockets are not there', async () => {
    const host = `localhost:${studio.port}`
    expect((await call({ path: '/_next/image?url=/x.png&w=64&q=75', headers: { host } })).status).toBe(404)
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }
    expect((await call({ path: '/', headers: { host, ...upgrade } })).status).toBe(200)
    expect((await call({ path: '/_next/webpack-hmr', headers: { host, ...upgrade } })).status).toBe(404)
  })
})
