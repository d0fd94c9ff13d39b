import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { findJob } from '#lib/jobs/store.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { QUICK } from './quick.ts'
import { setUpStudio } from './set-up.ts'
import { startTrainingProvider, type TrainingProvider } from './training-provider.ts'
import { untilTrue as until } from './until.ts'

/*
 * A studio, an engine of the test's and the sync loop, for the test files that import it: its hooks run around each of
 * their tests.
 */

/** Another provider, which is well and has no jobs: how often it is asked tells how often the follower went round. */
export const beacon = await startTrainingProvider()
await setUpStudio(beacon)

export let provider: TrainingProvider
let stop: AbortController
let following: Promise<void> | undefined

beforeEach(async () => {
  provider = await startTrainingProvider()
  setEngineAddress({ baseURL: provider.baseURL, key: provider.key })
  await studio().deleteFrom('jobs').execute()
  await studio().deleteFrom('spend').execute()
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await following
  following = undefined
  await provider.close()
})
afterAll(async () => {
  await beacon.close()
})

export const follow = () => {
  following = startSyncLoop(stop.signal, { ...QUICK, longest: 30 })
}

export const callsOf = (name: string): number => provider.calls.get(name) ?? 0
export const JOB = 'GET /fine_tuning/jobs/:id'

const post = (address: string, body: unknown) =>
  fetch(`${provider.baseURL}${address}`, { method: 'POST', body: JSON.stringify(body) })

/** A job that other code created, taken in. */
export async function foreign(fields: Record<string, unknown> = {}) {
  const made = await post('/fine_tuning/jobs', { model: 'base', training_file: 'file-train' })
  const { id: remoteId } = (await made.json()) as { id: string }
  Object.assign(provider.jobs.get(remoteId) ?? {}, fields)
  if (!following) follow()
  await until(async () => (await runAt(remoteId)) !== undefined)
  return { remoteId, id: (await runAt(remoteId))?.id ?? '', remote: provider.jobs.get(remoteId) ?? {} }
}

const runAt = (remoteId: string) =>
  studio().selectFrom('jobs').selectAll().where('remote_id', '=', remoteId).executeTakeFirst()

export const finished = async (id: string) => (await findJob(id)).finished_at !== null

export const step = (n: number, loss: number, more: Record<string, unknown> = {}) => ({
  message: `Step ${n}/4: training loss=${loss.toFixed(2)}`,
  type: 'metrics',
  created_at: 1_700_000_000 + n,
  data: { step: n, total_steps: 4, train_loss: loss, ...more },
})

export const answer =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
