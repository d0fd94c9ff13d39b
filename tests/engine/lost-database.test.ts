import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { childEnv } from '#lib/core/child-env.ts'
import {
  ended,
  limericks,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'

let engine: TestEngine
afterEach(() => stopEngine(engine))

/** An orderly stop that keeps the folder. */
async function stop(): Promise<string> {
  engine.process.kill('SIGTERM')
  await once(engine.process, 'exit')
  return path.join(engine.folder, 'engine.db')
}

async function train(): Promise<string> {
  const training_file = await upload(engine.client, limericks(10))
  const { id } = await engine.client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file,
    hyperparameters: { n_epochs: 1 },
  })
  const { fine_tuned_model } = await ended(engine.client, id)
  return fine_tuned_model ?? expect.fail('no model')
}

const filesIn = (folder: string): string[] =>
  ['files', 'jobs'].flatMap((name) =>
    readdirSync(path.join(folder, name), { recursive: true, encoding: 'utf8' }),
  )

const answer = (model: string) =>
  engine.client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Iron?' }],
    max_tokens: 2,
  })

/** Starts an engine that is to refuse its folder. @returns what it printed */
async function refusal(folder: string): Promise<string> {
  const child = fork('lib/engine/main.ts', [], {
    env: childEnv(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.send({ folder, key: 'a-key-for-this-test-only', modelsFolder: null, parent: process.pid })
  let printed = ''
  child.stderr?.on('data', (chunk) => (printed += chunk))
  const [code] = await once(child, 'close')
  expect(code).toBe(1)
  return printed
}

describe('an engine whose database is lost or older keeps its models', () => {
  test('lost, older, and put back', async () => {
    engine = await startEngine(await newFolder())
    const first = await train()
    const database = await stop()
    expect(existsSync(`${database}-wal`) ? statSync(`${database}-wal`).size : 0).toBe(0)
    const older = `${database}.older`
    copyFileSync(database, older)
    const { folder } = engine

    engine = await startEngine(folder)
    const second = await train()
    await stop()
    const newer = `${database}.newer`
    copyFileSync(database, newer)
    const files = filesIn(folder)

    rmSync(database)
    expect(await refusal(folder)).toMatch(
      /engine\.db is missing or empty, but engine\.db\.id, files, jobs in/,
    )
    expect(filesIn(folder)).toEqual(files)

    // What the older database does not know waits in lost+found …
    copyFileSync(older, database)
    engine = await startEngine(folder)
    await answer(first)
    await expect(answer(second)).rejects.toMatchObject({ status: 404 })
    await stop()
    const [day = ''] = readdirSync(path.join(folder, 'lost+found'))
    const lost = path.join(folder, 'lost+found', day)
    expect(readdirSync(path.join(lost, 'jobs'))).toHaveLength(1)
    expect([...filesIn(folder), ...filesIn(lost)].sort()).toEqual(files.sort())

    // … and can be put back together with the newer one.
    for (const name of ['files', 'jobs'])
      for (const stranger of readdirSync(path.join(lost, name)))
        renameSync(path.join(lost, name, stranger), path.join(folder, name, stranger))
    copyFileSync(newer, database)
    engine = await startEngine(folder)
    await answer(first)
    await answer(second)
  })
})
