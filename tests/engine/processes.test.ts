/** What becomes of the engine's processes when the system, or a signal, is against them. */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import {
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  workersOf,
} from '#tests/support/engine.ts'
import { commandOf } from '#tests/support/studio.ts'

const onLinux = test.skipIf(process.platform !== 'linux')

const engines: TestEngine[] = []
afterEach(async () => {
  for (const engine of engines.splice(0)) await stopEngine(engine)
})

async function start(folder: string): Promise<TestEngine> {
  const engine = await startEngine(folder)
  engines.push(engine)
  return engine
}

const say = ({ client }: TestEngine) =>
  client.chat.completions.create({
    model: 'limerick-base',
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 4,
  })

/** How many files the engine may have open; null: as many as it likes. */
function limitFiles({ process: { pid } }: TestEngine, files: number | null): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files ?? 4096}:4096`])
}

const openFiles = ({ process: { pid } }: TestEngine): number => readdirSync(`/proc/${pid}/fd`).length

/** Leaves so many numbers for files: the system gives the smallest free one, so gaps count. */
function leaveFiles(engine: TestEngine, free: number): void {
  const taken = new Set(readdirSync(`/proc/${engine.process.pid}/fd`).map(Number))
  let limit = 0
  for (let gaps = 0; gaps < free; limit++) if (!taken.has(limit)) gaps++
  limitFiles(engine, limit)
}

/** For a connection and a file that is read: a process takes six. */
const TOO_FEW = 2

/** An engine that has read its model, and needs a new process for the next answer: the system has none to give. */
async function startWithoutRoom(): Promise<TestEngine> {
  const engine = await start(await newFolder())
  // Its connection and its log are open from the first answer on.
  await engine.client.models.list()
  const before = openFiles(engine)
  await say(engine)
  for (const pid of workersOf(engine, 'generate')) process.kill(pid, 'SIGKILL')
  // One more: the connection of the SDK.
  await until('the end of the worker', async () => openFiles(engine) <= before + 1)
  leaveFiles(engine, TOO_FEW)
  return engine
}

onLinux('a worker that the system cannot start is tried again, and told in the log', async () => {
  const engine = await startWithoutRoom()
  const answer = say(engine)
  await until('a second try', async () => engine.log().includes('EMFILE), try 2'))
  expect(workersOf(engine, 'generate')).toEqual([])
  limitFiles(engine, null)
  expect((await answer).choices[0]?.message.content).toBeTypeOf('string')
})

onLinux('a system that never has room is an error in words, and the engine goes on', async () => {
  const engine = await startWithoutRoom()
  const refused = await say(engine).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 503, code: 'no_process' })
  limitFiles(engine, null)
  expect((await say(engine)).choices).toHaveLength(1)
})

onLinux('a model whose files cannot be opened because too many are is not called unusable', async () => {
  const engine = await startWithoutRoom()
  // None beside the connection, which is open.
  await engine.client.models.list()
  leaveFiles(engine, 0)
  const refused = await say(engine).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 503, code: 'no_files' })
  limitFiles(engine, null)
  expect((await say(engine)).choices).toHaveLength(1)
})

test('SIGTERM closes the database: nothing is left beside it', async () => {
  const folder = await newFolder()
  const engine = await startEngine(folder)
  await say(engine)
  const gone = once(engine.process, 'exit')
  engine.process.kill('SIGTERM')
  expect(await gone).toEqual([0, null])
  expect(readdirSync(folder).filter((name) => name.startsWith('engine.db'))).toEqual([
    'engine.db',
    'engine.db.id',
  ])
})

onLinux('an engine that outlived its studio and is stuck is ended by the next one', async () => {
  const folder = await newFolder()
  const entry = fileURLToPath(new URL('../support/engine-parent.ts', import.meta.url))
  const parent = fork(entry, [folder], { execArgv: [] })
  const [{ pid: orphan }] = await once(parent, 'message')
  process.kill(orphan, 'SIGSTOP')
  const gone = once(parent, 'exit')
  parent.kill('SIGKILL')
  await gone
  const engine = await start(folder)
  expect(engine.log()).toContain(`Process ${orphan}, an engine that outlived its studio, is ended.`)
  expect(commandOf(orphan)).toBe('')
  expect((await say(engine)).choices).toHaveLength(1)
})

onLinux('a process id that now belongs to another program is not ended', async () => {
  const folder = await newFolder()
  await start(folder)
  const owner = { pid: process.pid, parent: 1, started: 'long ago' }
  writeFileSync(path.join(folder, 'lock-owner.json'), JSON.stringify(owner))
  await expect(startEngine(folder)).rejects.toThrow(`is in use by process ${process.pid}`)
})
