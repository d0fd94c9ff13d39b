import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askAsStranger, canBeAnotherUser, type StrangerCall } from '../support/other-user.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => discard(studio))

type Asked = Omit<StrangerCall, 'to' | 'port'>

const stranger = (call: Asked, to = '127.0.0.1', port = studio.port) => askAsStranger({ to, port, ...call })

const owner = (where: string, init: RequestInit = {}) =>
  fetch(`${studio.url}${where}`, { redirect: 'manual', ...init })

const changes: Asked = {
  path: '/api/datasets',
  method: 'POST',
  headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', 'content-length': '0' },
}

const tokenPath = (of = studio): string => of.address.slice(of.url.length)

/** Signs another user's browser in. @returns its cookie as it is sent back */
async function signIn(of = studio): Promise<string> {
  const { headers } = await stranger({ path: tokenPath(of) }, '127.0.0.1', of.port)
  return String(headers['set-cookie']).split(';', 1)[0] ?? ''
}

describe('the owner', () => {
  test.runIf(process.platform === 'linux')(
    "needs no token where the system knows the connection's user",
    async () => {
      expect((await owner('/')).status).toBe(200)
      expect((await owner('/api/access/key')).status).toBe(200)
    },
  )

  test.runIf(process.platform === 'linux')(
    'is redirected to the plain address, without a cookie',
    async () => {
      for (const opened of [tokenPath(), '/?token=of-an-earlier-start']) {
        const { status, headers } = await owner(opened)
        expect(status).toBe(303)
        expect(headers.get('location')).toBe('/')
        expect(headers.get('set-cookie')).toBeNull()
        expect(headers.get('referrer-policy')).toBe('no-referrer')
      }
    },
  )

  test('gets the address in the terminal, and again from npm run url', async () => {
    expect(studio.output().split(studio.address)).toHaveLength(2)
    const env = { ...process.env, LIMERICK_DATA: studio.dataFolder }
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'url'], { env })
    expect(stdout).toBe(`${studio.address}\n`)
    expect(statSync(path.join(studio.dataFolder, 'address')).mode & 0o777).toBe(0o600)
  })
})

describe.runIf(canBeAnotherUser)('another user of the computer (only root can become one)', () => {
  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'gets no page, no key and no change at %s',
    async (to) => {
      const before = await (await owner('/api/datasets')).text()
      const page = await stranger({ path: '/' }, to)
      expect(page.status).toBe(401)
      expect(page.headers['content-type']).toContain('text/html')
      expect(page.body).toContain('npm run --silent url')
      const refused = await Promise.all(
        [
          { path: '/api/access/key' },
          { path: '/api/access/keys' },
          { path: '/api/datasets' },
          { path: '/_next/static/chunks/main.js' },
          changes,
          { ...changes, path: '/api/access/keys' },
        ].map((call) => stranger(call, to)),
      )
      for (const { status, body } of refused) {
        expect(status).toBe(401)
        expect(JSON.parse(body)).toMatchObject({ error: { code: 'unauthorized' } })
      }
      expect(JSON.stringify([page, refused])).not.toContain(studio.key())
      expect(await (await owner('/api/datasets')).text()).toBe(before)
    },
  )

  test('enters with the token, which becomes a cookie and is removed from the address', async () => {
    const opened = await stranger({ path: tokenPath() })
    expect(opened.status).toBe(303)
    expect(opened.headers.location).toBe('/')
    expect(opened.headers['referrer-policy']).toBe('no-referrer')
    expect(String(opened.headers['set-cookie'])).toMatch(
      /^limerick-[0-9a-f]{8}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=2592000$/,
    )
    const cookie = await signIn()
    expect((await stranger({ path: '/', headers: { cookie } })).status).toBe(200)
    const key = await stranger({ path: '/api/access/key', headers: { cookie } })
    expect(JSON.parse(key.body)).toEqual({ key: studio.key() })
  })

  test('is held to the cross-site rules even with a valid cookie', async () => {
    const cookie = await signIn()
    const others: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      {},
    ]
    for (const other of others) {
      const { status } = await stranger({
        ...changes,
        headers: { cookie, 'content-length': '0', ...other },
      })
      expect(status).toBe(403)
    }
    expect((await stranger({ path: '/', headers: { cookie, host: 'evil.example' } })).status).toBe(421)
  })

  test.each(['', 'short', 'x'.repeat(32), 'é', '%00'])(
    'cannot enter with another token: %j',
    async (token) => {
      const { status, headers } = await stranger({ path: `/?token=${encodeURIComponent(token)}` })
      expect(status).toBe(401)
      expect(headers['set-cookie']).toBeUndefined()
    },
  )

  test('uses /v1 with a key, and no cookie', async () => {
    expect((await stranger({ path: '/v1/models' })).status).toBe(401)
    const headers = { authorization: `Bearer ${studio.key()}` }
    expect((await stranger({ path: '/v1/models', headers })).status).toBe(200)
  })

  test('can fetch the shipped samples, as the code examples do', async () => {
    expect((await stranger({ path: '/samples/elle.jsonl' })).status).toBe(200)
  })

  test('stays signed in after a restart with a new token; a cookie of another data folder is refused', async () => {
    const [cookie, old] = [await signIn(), tokenPath()]
    const secret = cookie.split('=')[1] ?? ''
    const kept = path.join(studio.dataFolder, 'sessions')
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect(readFileSync(kept, 'utf8')).not.toContain(secret)
    await studio.stop()
    const other = studio
    studio = await startStudio()
    try {
      const foreign = await signIn()
      const [ourName] = foreign.split('=')
      for (const wrong of [
        cookie,
        `${ourName}=${secret}`,
        `${ourName}=`,
        `${cookie.split('=')[0]}=${foreign.split('=')[1]}`,
      ])
        expect((await stranger({ path: '/', headers: { cookie: wrong } })).status).toBe(401)
    } finally {
      await discard(studio)
      studio = await startStudio({ dataFolder: other.dataFolder, port: other.port })
    }
    expect(tokenPath()).not.toBe(old)
    expect((await stranger({ path: old })).status).toBe(401)
    expect((await stranger({ path: '/', headers: { cookie } })).status).toBe(200)
    expect(studio.output()).not.toContain(secret)
  })
})
