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

/** How the answers to the odd creations are lost, in turn: before the job exists, and after. */
const LOSSES: Fault[] = ['reset after', 'reset before', 'failure', 'cut body', 'bad JSON', 'HTML 502']

/** What a launch has come to when its process is soon killed: the intent alone, the file looked for, the creation sent. */
const MOMENTS: (Operation | null)[] = ['create', null, 'file', 'create']

/** ms in which it is killed then: a creation is on its way for about as long. */
const SOON = 90

/** Numbers from 0 to 1, the same ones for the same seed. */
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

/** Lets it end by itself, or kills it. */
export async function end({ child }: Launcher, signal?: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  if (signal) child.kill(signal)
  else child.stdin?.end()
  await ended
}

/** What the runs came to. */
export interface Money {
  intents: number
  kills: number
  posts: number
  known: number
  unknown: number
  notSent: number
}

/** A folder with a dataset in it; from here on this process and its children read their settings as the launcher does. */
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

/** One in ten is killed amid its launch, now one that is answered and now one that is not. */
const isKilled = (n: number): boolean => n % 20 === 4 || n % 20 === 19

/** A slow answer or a lost one, so that a kill finds a launch before its request, amid it and behind it. */
function prepare(provider: ChaosProvider, n: number): void {
  provider.fail({ operation: 'file', fault: 'latency', times: 1 })
  const fault = n % 2 ? (LOSSES[Math.floor(n / 2) % LOSSES.length] ?? 'reset after') : 'latency'
  provider.fail({ operation: 'create', fault, times: 1 })
}

const intentOf = ({ metadata }: Record<string, unknown>): string =>
  (metadata as Record<string, string>).studio_intent ?? ''

/**
 * Launches `count` runs, loses every second answer, and kills the process amid every tenth launch; then starts it once
 * more, and holds the provider's books against ours: no intent was sent twice, no run is lost, and none is unknown that
 * the provider knows.
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
      // The form is still open: its second press is the same intent.
      send(studio, draft)
    }
    await studio.lines.next()
  }

  provider.heal()
  await end(studio)
  studio = await startLauncher()
  const books = new Map([...provider.inner.jobs.values()].map((job) => [intentOf(job), job.id]))
  const agree = async () => (await rows()).every(({ id, remote_id }) => remote_id === (books.get(id) ?? null))
  // Where they never do, what is compared below says which run it is.
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
