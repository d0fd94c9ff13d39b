/** The Python environment that is made on a click: the steps are real, `python3` and its pip are programs of the test. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireTrainers } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'
import { fakePython } from '#tests/support/fake-python.ts'

const SECRET = 'a-password-of-an-index'

let scratch: string
let engine: TestEngine
const inside = (name: string) => path.join(scratch, name)
const start = (folder: string): Promise<TestEngine> =>
  startEngine(folder, null, {
    through: ['/usr/bin/env', `PATH=${inside('bin')}:${process.env.PATH}`],
    environment: { folder: inside('cache'), variables: { PIP_INDEX_URL: `https://me:${SECRET}@index.test` } },
  })

beforeAll(async () => {
  scratch = await newFolder()
  mkdirSync(inside('bin'))
  const trainer = fakePython(scratch)
  const program = (file: string, ...lines: string[]) =>
    writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 })
  program(
    inside('interpreter'),
    `case "$*" in *"-m pip install"*)`,
    '  echo "Looking in indexes: $PIP_INDEX_URL"',
    '  echo "Collecting torch==2.13.0 (from -r requirements.txt)"',
    `  while [ -f '${inside('hold')}' ]; do sleep 0.05; done`,
    `  if [ -f '${inside('fail')}' ]; then echo "ERROR: Could not reach $PIP_INDEX_URL/torch" >&2; exit 1; fi`,
    '  exit 0;;',
    'esac',
    `exec '${trainer}' "$@"`,
  )
  program(
    inside('bin/python3'),
    `if [ "$1" = -c ]; then [ ! -f '${inside('old')}' ]; exit $?; fi`,
    `mkdir -p "$3/bin" && cp '${inside('interpreter')}' "$3/bin/python"`,
  )
  engine = await start(await newFolder())
})
afterAll(async () => {
  await stopEngine(engine)
  rmSync(scratch, { recursive: true })
})

async function ask(method = 'GET', at = '/environment'): Promise<WireTrainers> {
  const headers = { authorization: `Bearer ${engine.key}` }
  const url = `${engine.baseURL.replace('/v1', '/limerick/trainers')}${method === 'GET' ? '' : at}`
  return (await (await fetch(url, { method, headers })).json()) as WireTrainers
}
const reached = (state: WireTrainers['environment']['state']) =>
  until(state, async () => {
    const { environment } = await ask()
    expect(JSON.stringify(environment)).not.toContain(SECRET)
    return environment.state === state && environment
  })
const mark = (name: string) => writeFileSync(inside(name), '')

test('an old Python, and a pip that fails, say why; nothing of them stays', async () => {
  expect((await ask()).environment).toMatchObject({ state: 'none', problem: null, bytes: 5.6e9 })
  mark('old')
  await ask('POST')
  expect((await reached('failed')).problem).toBe('there is no Python 3.11 or newer on this computer')
  rmSync(inside('old'))
  mark('fail')
  await ask('POST')
  expect((await reached('failed')).problem).toBe('Could not reach …')
  await until('an empty folder', () => readdirSync(inside('cache')).length === 0)
  rmSync(inside('fail'))
})

test('it is made once, says what it does, and can be cancelled', async () => {
  mark('hold')
  await ask('POST')
  await until('its progress', async () => (await ask()).environment.doing?.startsWith('Collecting torch'))
  expect((await ask('POST')).environment.state).toBe('making')
  await ask('DELETE')
  expect((await reached('none')).problem).toBeNull()
  await until('an empty folder', () => readdirSync(inside('cache')).length === 0)
  rmSync(inside('hold'))
})

test('once it is there trl is ready, without a start of Limerick, and still after one', async () => {
  await ask('POST')
  await reached('ready')
  const isReady = async () => (await ask()).data.find(({ name }) => name === 'trl')?.state === 'ready'
  await until('trl', isReady)
  const { id } = await engine.client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: await upload(engine.client, elle.slice(0, 10)),
    hyperparameters: { n_epochs: 1, batch_size: 5 },
    limerick: { trainer: 'trl' },
  } as OpenAI.FineTuning.JobCreateParams)
  expect((await ended(engine.client, id)).status).toBe('succeeded')
  const { folder } = engine
  await engine.kill()
  engine = await start(folder)
  await until('trl', isReady)
})

test('what an engine that was killed has left is made anew', async () => {
  const [name = ''] = readdirSync(inside('cache'))
  rmSync(path.join(inside('cache'), name, 'complete'))
  mark('hold')
  await ask('POST')
  await reached('making')
  const { folder } = engine
  await engine.kill()
  rmSync(inside('hold'))
  engine = await start(folder)
  expect((await ask()).environment.state).toBe('none')
  await ask('POST')
  await reached('ready')
  expect(existsSync(path.join(inside('cache'), name, 'complete'))).toBe(true)
})
