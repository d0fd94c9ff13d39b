import { execFile, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandOf, discard, family, freePort, type Studio, startStudio } from '../support/studio.ts'

const isAlive = (pid: number): boolean => commandOf(pid) !== ''

describe('npm start', () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await startStudio()
  })
  afterAll(() => discard(studio))

  test('says where it is, and answers there', async () => {
    expect(studio.output()).toContain(`Limerick is ready at ${studio.url}`)
    expect((await fetch(studio.url)).status).toBe(200)
  })

  test('npm run --silent key prints the key of /v1 and nothing else', async () => {
    const env = { ...process.env, LIMERICK_DATA: studio.dataFolder }
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'key'], { env })
    expect(stdout).toBe(`${studio.key()}\n`)
    const answer = await fetch(`${studio.url}/v1/models`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    })
    expect(answer.status).toBe(200)
  })

  test('says that the data folder is in use', async () => {
    await expect(startStudio({ dataFolder: studio.dataFolder })).rejects.toThrow(
      /data folder .* is in use by another Limerick/,
    )
  })

  test('says that the port is taken', async () => {
    await expect(startStudio({ port: studio.port })).rejects.toThrow(
      new RegExp(`Port ${studio.port} is taken`),
    )
  })

  test('starts the engine again when it dies', async () => {
    const engine = studio.pids().find((pid) => /engine\/main\.ts/.test(commandOf(pid)))
    expect(engine).toBeDefined()
    process.kill(engine ?? 0, 'SIGKILL')
    const ask = () =>
      studio
        .sdk()
        .models.list()
        .catch(() => null)
    for (let tries = 0; tries < 100 && !(await ask()); tries++) await wait(100)
    const models = await studio.sdk().models.list()
    expect(models.data.map(({ id }) => id)).toContain('limerick-base')
  })
})

describe('an unusual start', () => {
  test('SIGTERM ends the studio, the engine and its workers', async () => {
    const studio = await startStudio()
    const pids = studio.pids()
    expect(pids.length).toBeGreaterThan(1)
    await discard(studio)
    for (let tries = 0; tries < 30 && pids.some(isAlive); tries++) await wait(100)
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('SIGTERM to npm start ends everything below it', async () => {
    const [port, dataFolder] = [await freePort(), mkdtempSync(path.join(tmpdir(), 'limerick-npm-'))]
    const npm = spawn('npm', ['start'], {
      env: { ...process.env, PORT: String(port), LIMERICK_DATA: dataFolder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    npm.stdout.on('data', (chunk) => (printed += chunk))
    for (let tries = 0; tries < 300 && !printed.includes('is ready at'); tries++) await wait(100)
    const pids = family(npm.pid ?? 0)
    expect(pids.length).toBeGreaterThan(3)
    npm.kill('SIGTERM')
    for (let tries = 0; tries < 50 && pids.some(isAlive); tries++) await wait(100)
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('another program on the port is named as the reason', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    try {
      await expect(startStudio({ port })).rejects.toThrow(/Port \d+ is taken\. Stop what uses it/)
    } finally {
      other.close()
    }
  })

  test.each([
    [{ LIMERICK_HOST: '0.0.0.0' }, /LIMERICK_HOST must be one of/],
    [{ PORT: 'ninety' }, /PORT/],
    [{ OPENAI_API_KEY: 'two words' }, /OPENAI_API_KEY must be one line/],
    [{ OPENAI_BASE_URL: 'ftp://example.test' }, /OPENAI_BASE_URL must be an http or https address/],
    [
      { PORT: '4999', OPENAI_BASE_URL: 'http://localhost:4999/v1' },
      /OPENAI_BASE_URL is the address of Limerick itself/,
    ],
  ])('a bad setting stops the start and names itself: %o', async (env, message) => {
    const failure = await startStudio({ env }).catch((error: Error) => error)
    expect(String(failure)).toMatch(message)
    expect(String(failure)).not.toContain('two words')
  })

  test('a Node that is too old is told so in one line', async () => {
    const older =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})"
    const failure = await startStudio({ nodeArgs: ['--import', older] }).catch((error: Error) => error)
    expect(String(failure)).toMatch(/Limerick needs Node 24\.2 or newer and found 20\.9\.0/)
    expect(String(failure).trim().split('\n')).toHaveLength(2)
  })
})
