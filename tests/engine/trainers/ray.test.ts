/** A real Ray cluster of this computer, from a job to answers: only where LIMERICK_PYTHON names an interpreter with Ray. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processTree } from '#lib/core/process-info.ts'
import type { StepData, WireJob } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  eventsOf,
  jobOf,
  newFolder,
  reachedStep,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'

const python = process.env.LIMERICK_PYTHON
const program = python ? path.join(path.dirname(python), 'ray') : ''
const TOKEN = 'ray-canary-0123456789'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** A head with two processors, which may be reached with a token only. */
async function startHead(folder: string): Promise<{ address: string; process: ChildProcess }> {
  const [port, dashboard] = [await freePort(), await freePort()]
  const log = path.join(folder, 'log')
  const file = openSync(log, 'a')
  const where = ['--port', port, '--dashboard-host', '127.0.0.1', '--dashboard-port', dashboard].map(String)
  const options = [
    '--num-cpus',
    '2',
    '--disable-usage-stats',
    '--temp-dir',
    path.join(folder, 'ray'),
    '--block',
  ]
  const child = spawn(program, ['start', '--head', ...where, ...options], {
    env: {
      PATH: `${path.dirname(program)}:${process.env.PATH}`,
      HOME: folder,
      RAY_AUTH_MODE: 'token',
      RAY_AUTH_TOKEN: TOKEN,
      RAY_USAGE_STATS_ENABLED: '0',
      OMP_NUM_THREADS: '1',
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', file, file],
  })
  await until('the head', () => {
    if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8'))
    return readFileSync(log, 'utf8').includes('Ray runtime started')
  })
  return { address: `http://127.0.0.1:${dashboard}`, process: child }
}

describe.runIf(existsSync(program))('a Ray cluster', () => {
  let head: Awaited<ReturnType<typeof startHead>>
  let folder: string
  let engine: TestEngine

  const start = (at: string): Promise<TestEngine> =>
    startEngine(at, null, {
      cluster: { address: head.address, token: TOKEN, folder, python: python ?? '' },
    })

  beforeAll(async () => {
    folder = await newFolder()
    head = await startHead(folder)
    engine = await start(await newFolder())
  })
  afterAll(async () => {
    await stopEngine(engine)
    const all = processTree(head.process.pid as number)
    const gone = once(head.process, 'exit')
    head.process.kill('SIGTERM')
    await gone
    for (const pid of all)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended with its parent.
      }
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  test('two workers train; the engine is restarted, the job paused and resumed meanwhile', async () => {
    const training_file = await upload(engine.client, elle.slice(0, 10))
    const { id } = (await engine.client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file,
      seed: 7,
      hyperparameters: { n_epochs: 40, batch_size: 4 },
      limerick: { launcher: 'ray', method: 'lora', devices: 2 },
    } as OpenAI.FineTuning.JobCreateParams)) as WireJob
    await reachedStep(engine.client, id, 3)
    await engine.kill()
    engine = await start(engine.folder)
    await reachedStep(engine.client, id, 8)
    await engine.client.fineTuning.jobs.pause(id)
    await until('the pause', async () => (await jobOf(engine.client, id)).status === 'paused')
    await engine.client.fineTuning.jobs.resume(id)
    const job = await ended(engine.client, id)
    expect(job).toMatchObject({
      status: 'succeeded',
      error: null,
      limerick: {
        trainer: 'trl',
        launcher: 'ray',
        devices: 2,
        step: 120,
        run: { devices: [{ name: 'CPU' }] },
      },
    })
    const events = await eventsOf(engine.client, id)
    const steps = events.flatMap(({ type, data }) => (type === 'metrics' ? [(data as StepData).step] : []))
    expect(steps).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
    expect(events.map(({ message }) => message).join('\n')).not.toContain('unexpectedly')
    const { choices } = await engine.client.chat.completions.create({
      model: job.fine_tuned_model ?? '',
      messages: [{ role: 'user', content: 'Tell me about Gold' }],
      max_tokens: 8,
    })
    expect(choices[0]?.message.content).toBeTypeOf('string')
    expect(readdirSync(path.join(folder, 'runs'))).toEqual([])
  })

  test('a job for more devices than there are says what it waits for, and can be cancelled', async () => {
    const training_file = await upload(engine.client, elle.slice(0, 10))
    const { id } = (await engine.client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file,
      hyperparameters: { batch_size: 4 },
      limerick: { launcher: 'ray', devices: 3 },
    } as OpenAI.FineTuning.JobCreateParams)) as WireJob
    await until('the reason', async () =>
      (await jobOf(engine.client, id)).limerick.run?.doing?.startsWith(
        'waiting for 3 CPUs; the cluster has 2',
      ),
    )
    expect((await jobOf(engine.client, id)).status).toBe('queued')
    expect((await engine.client.fineTuning.jobs.cancel(id)).status).toBe('cancelled')
  })
})
