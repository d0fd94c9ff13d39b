import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { Fault, Operation } from './chaos-faults.ts'
import { type ChaosProvider, startChaosProvider } from './chaos-provider.ts'
import { jobDraft } from './job-draft.ts'
import { until } from './until.ts'

/** How answers to odd creations are lost, in turn: some before the job exists, some after. */
const LOSSES: Fault[] = ['reset after', 'reset before', 'failure', 'cut body', 'bad JSON', 'HTML 502']

/** State of a launch at which its process is killed: intent stored, file looked up, creation sent. */
const MOMENTS: (Operation | null)[] = ['create', null, 'file', 'create']

/** ms until the kill from then on: about the duration of a creation. */
const SOON = 90

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Launcher {
  child: ChildProcess
  lines: AsyncIterator<string>
}

export async function startLauncher(): Promise<Launcher> {
  const child = spawn(process.execPath, ['--conditions=react-server', 'tests/support/launcher.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  return { child, lines }
}

export const send = ({ child }: Launcher, draft: JobDraft) => child.stdin?.write(`${JSON.stringify(draft)}\n`)

/** Waits for its exit, or kills it. */
export async function end({ child }: Launcher, signal?: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  if (signal) child.kill(signal)
  else child.stdin?.end()
  await ended
}

/** Results of the jobs. */
export interface Money {
  intents: number
  kills: number
  posts: number
  known: number
  unknown: number
  notSent: number
}

/** Creates a folder with a dataset; from then on this process and its children use the settings of the launcher. */
export async function premises(provider: ChaosProvider) {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-money-'))
  Object.assign(process.env, {
    LIMERICK_DATA: folder,
    OPENAI_BASE_URL: provider.baseURL,
    OPENAI_API_KEY: provider.key,
  })
  const { openDatabase } = await import('#lib/db/open.ts')
  const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
  serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')))
  const { loadSample } = await import('#lib/datasets/samples.ts')
  const { id: datasetId } = await loadSample()
  return { folder, datasetId, db: studio() }
}

export const draftOf = (datasetId: string, n: number): JobDraft =>
  jobDraft(datasetId, {
    ...{ providerId: 'compatible', model: 'small', suffix: `n${n}`, seed: n },
    hyperparameters: { nEpochs: 1, batchSize: 'auto', learningRateMultiplier: 'auto' },
  })

/** Every tenth launch is killed, alternating between answered and unanswered ones. */
const isKilled = (n: number): boolean => n % 20 === 4 || n % 20 === 19

/** A slow or lost answer, so that a kill hits a launch before, during and after its request. */
function prepare(provider: ChaosProvider, n: number): void {
  provider.fail({ operation: 'file', fault: 'latency', times: 1 })
  const fault = n % 2 ? (LOSSES[Math.floor(n / 2) % LOSSES.length] ?? 'reset after') : 'latency'
  provider.fail({ operation: 'create', fault, times: 1 })
}

const intentOf = ({ metadata }: Record<string, unknown>): string =>
  (metadata as Record<string, string>).studio_intent ?? ''

/**
 * Launches `count` jobs, loses every second answer, and kills the process during every tenth launch. Then restarts it and
 * compares the provider's jobs with ours: no intent was sent twice, no job is lost, and no job that the provider has is
 * unknown.
 */
export async function spendAndCheck(count: number, seed: number): Promise<Money> {
  const provider = await startChaosProvider()
  const { folder, datasetId, db } = await premises(provider)
  const drafts = Array.from({ length: count }, (_, n) => draftOf(datasetId, n))
  const rows = () => db.selectFrom('jobs').selectAll().execute()
  const chance = random(seed)
  let studio = await startLauncher()
  let kills = 0

  for (const [n, draft] of drafts.entries()) {
    prepare(provider, n)
    const moment = MOMENTS[kills % MOMENTS.length] ?? null
    const before = moment ? provider.calls(moment) : 0
    send(studio, draft)
    if (isKilled(n)) {
      const isThere = async () =>
        moment ? provider.calls(moment) > before : (await rows()).some(({ id }) => id === draft.id)
      await until(`the ${moment ?? 'intent'} of run ${n}`, isThere)
      await wait(chance() * SOON)
      await end(studio, 'SIGKILL')
      kills++
      provider.heal()
      studio = await startLauncher()
      // The form is still open: pressing again is the same intent.
      send(studio, draft)
    }
    await studio.lines.next()
  }

  provider.heal()
  await end(studio)
  studio = await startLauncher()
  const books = new Map([...provider.inner.jobs.values()].map((job) => [intentOf(job), job.id]))
  const agree = async () => (await rows()).every(({ id, remote_id }) => remote_id === (books.get(id) ?? null))
  // If they never do, the comparison below shows which job.
  await until('the books to agree', agree).catch(() => undefined)
  await end(studio)

  const runs = await rows()
  await db.destroy()
  await provider.close()
  rmSync(folder, { recursive: true, force: true })

  const posts = provider.inner.creations.map(intentOf)
  expect(new Set(posts).size).toBe(posts.length)
  expect(provider.calls('create')).toBeLessThanOrEqual(count)
  expect(runs.map(({ id }) => id).sort()).toEqual(drafts.map(({ id }) => id).sort())
  const isUnsent = ({ error_json }: { error_json: string | null }) =>
    error_json?.includes('not_sent') ?? false
  for (const run of runs) {
    const remote_id = books.get(run.id) ?? null
    const state = remote_id === null && !isUnsent(run) ? 'unknown' : 'known'
    expect(run).toMatchObject({ launch: state, remote_id })
  }
  return {
    intents: count,
    kills,
    posts: provider.calls('create'),
    known: books.size,
    unknown: runs.filter(({ launch }) => launch === 'unknown').length,
    notSent: runs.filter(isUnsent).length,
  }
}
