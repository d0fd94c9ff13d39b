import { execFile, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentOf } from '../support/databases.ts'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { commandOf, discard, family, freePort, type Studio, startStudio } from '../support/studio.ts'
import { until, untilTrue } from '../support/until.ts'

const isAlive = (pid: number): boolean => commandOf(pid) !== ''

describe('npm start', () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await startStudio()
  })
  afterAll(() => discard(studio))

  test('prints its address, and answers there', async () => {
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

  test('restarts the engine when it dies', async () => {
    process.kill(studio.child(/engine\/main\.ts/), 'SIGKILL')
    const models = await until('the next engine', () =>
      studio
        .sdk()
        .models.list()
        .catch(() => null),
    )
    expect(models.data.map(({ id }) => id)).toContain('limerick-base')
  })
})

describe('an unusual start', () => {
  test('SIGTERM ends the studio, the engine and its workers', async () => {
    const studio = await startStudio()
    const pids = studio.pids()
    expect(pids.length).toBeGreaterThan(1)
    await discard(studio)
    await untilTrue(() => !pids.some(isAlive))
  })

  test('SIGTERM leaves everything in the two .db files', async () => {
    const studio = await startStudio()
    const pids = studio.pids()
    const { id } = await studio.sdk().files.create({
      file: await jsonlFile(elleTraining()),
      purpose: 'fine-tune',
    })
    const databases = ['studio.db', path.join('engine', 'engine.db')].map((name) =>
      path.join(studio.dataFolder, name),
    )
    expect(databases.map((file) => statSync(`${file}-wal`).size > 0)).toEqual([true, true])
    await studio.stop()
    await untilTrue(() => !pids.some(isAlive))
    for (const file of databases) {
      const wal = `${file}-wal`
      expect(existsSync(wal) ? statSync(wal).size : 0).toBe(0)
      copyFileSync(file, `${file}.copy`)
    }
    const [own, engine] = databases.map((file) => contentOf(`${file}.copy`))
    expect(own?.rows.datasets?.length).toBeGreaterThan(0)
    expect(engine?.rows.files).toMatchObject([{ id }])
    await discard(studio)
  })

  test('an unusable database stops the start, with reason and cause', async () => {
    const studio = await startStudio()
    await studio.stop()
    const { dataFolder } = studio
    const file = path.join(dataFolder, 'studio.db')
    copyFileSync(file, `${file}.kept`)
    const database = new DatabaseSync(file)
    database.exec("insert into kysely_migration values ('9999-of-tomorrow', '2027-01-01T00:00:00.000Z')")
    database.close()
    await expect(startStudio({ dataFolder })).rejects.toThrow(
      /studio\.db was written by a newer Limerick \(it has 9999-of-tomorrow\)/,
    )
    writeFileSync(file, 'not a database '.repeat(1_000))
    await expect(startStudio({ dataFolder })).rejects.toThrow(
      /studio\.db is damaged\..*put a backup in its place.*\n {2}Cause: file is not a database/,
    )
    rmSync(file)
    await expect(startStudio({ dataFolder })).rejects.toThrow(
      /studio\.db is missing or empty, but studio\.db\.id, blobs in/,
    )
    copyFileSync(`${file}.kept`, file)
    await discard(await startStudio({ dataFolder }))
  })

  test('SIGTERM to npm start ends all its child processes', async () => {
    const [port, dataFolder] = [await freePort(), mkdtempSync(path.join(tmpdir(), 'limerick-npm-'))]
    const npm = spawn('npm', ['start'], {
      env: { ...process.env, PORT: String(port), LIMERICK_DATA: dataFolder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    npm.stdout.on('data', (chunk) => (printed += chunk))
    await untilTrue(() => printed.includes('is ready at'))
    const pids = family(npm.pid ?? 0)
    expect(pids.length).toBeGreaterThan(3)
    npm.kill('SIGTERM')
    await untilTrue(() => !pids.some(isAlive))
  })

  test('a port in use is named as the reason', async () => {
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
    [
      { LIMERICK_MODELS: '/nowhere/at/all' },
      /LIMERICK_MODELS must be a folder that is there and can be read/,
    ],
    [{ LIMERICK_MODELS: 'package.json' }, /LIMERICK_MODELS must be a folder/],
    [{ LIMERICK_PYTHON: 'package.json' }, /LIMERICK_PYTHON must be the path of a Python interpreter/],
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

  test('a Node that is too old gets a one-line error', async () => {
    const older =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})"
    const failure = await startStudio({ nodeArgs: ['--import', older] }).catch((error: Error) => error)
    expect(String(failure)).toMatch(/Limerick needs Node 24\.2 or newer and found 20\.9\.0/)
    expect(String(failure).trim().split('\n')).toHaveLength(2)
  })
})
