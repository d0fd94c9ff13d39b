/**
 * How often a studio without anything to do asks its database, alone, with open tabs and with a job that is only looked at,
 * and what it asks.
 * node --conditions=react-server tests/bench/idle.ts [seconds]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const SECONDS = Number(process.argv[2] ?? 10)
const TABS = 2

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-idle-'))
process.env.LIMERICK_DATA = folder

const { openDatabase } = await import('#lib/db/open.ts')
const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { startEvals } = await import('#lib/evals/runner.ts')
const { startSyncLoop: startFollower } = await import('#lib/jobs/sync-loop.ts')
const { live } = await import('#lib/jobs/job-stream.ts')
const { insertJob } = await import('#lib/jobs/store.ts')
const { setEngineAddress } = await import('#lib/providers/registry.ts')

const asked = new Map<string, number>()
serveStudio(
  await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations'), {
    around: (run, text) => {
      asked.set(text, (asked.get(text) ?? 0) + 1)
      return run()
    },
  }),
)

const JOB = {
  id: 'ftjob-1',
  object: 'fine_tuning.job',
  model: 'limerick-base',
  status: 'running',
  created_at: Math.floor(Date.now() / 1000),
  training_file: 'file-1',
}

/** An engine whose only job, once it is known, never says anything new. */
const engine = createServer(({ url = '' }, response) => {
  response.setHeader('content-type', 'application/json')
  const isJob = url.endsWith(`/jobs/${JOB.id}`)
  response.end(JSON.stringify(isJob ? JOB : { object: 'list', data: [], has_more: false }))
}).listen(0, '127.0.0.1')
await new Promise((listening) => engine.once('listening', listening))
setEngineAddress({
  baseURL: `http://127.0.0.1:${(engine.address() as AddressInfo).port}/v1`,
  key: 'no-secret',
})

async function count(name: string): Promise<void> {
  await pause(1_000)
  asked.clear()
  await pause(SECONDS * 1_000)
  const all = [...asked].sort(([, a], [, b]) => b - a)
  const sum = all.reduce((total, [, times]) => total + times, 0)
  console.log(`${name}: ${(sum / SECONDS).toFixed(1)} statements a second`)
  for (const [text, times] of all)
    console.log(
      `  ${(times / SECONDS).toFixed(1).padStart(6)}  ${text.replaceAll(/\s+/g, ' ').slice(0, 110)}`,
    )
}

async function read(signal: AbortSignal): Promise<void> {
  for await (const _ of live(undefined, null, signal)) if (signal.aborted) return
}

const ending = new AbortController()
const loops = [startFollower(ending.signal), startEvals(ending.signal)]
await count('no tab')
const tabs = Array.from({ length: TABS }, () => read(ending.signal))
await count(`${TABS} tabs`)
const now = Date.now()
await insertJob({
  id: 'job_1',
  provider_id: 'embedded',
  remote_id: JOB.id,
  launch: 'found',
  request_hash: '',
  request_json: '{}',
  status: JOB.status,
  model: JOB.model,
  created_at: now,
  updated_at: now,
})
await count(`${TABS} tabs, and a job without news`)
ending.abort()
await Promise.all([...loops, ...tabs])
engine.close()
await studio().destroy()
rmSync(folder, { recursive: true })
