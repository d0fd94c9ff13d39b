import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import * as stream from '../../app/api/stream/route.ts'
import { startChaosProvider } from '../support/chaos-provider.ts'
import { setUpStudio } from '../support/set-up.ts'
import { untilTrue as until } from '../support/until.ts'

/** The provider is asked once for everybody: by one follower, whoever reads what it has written down. */

const provider = await startChaosProvider()
await setUpStudio(provider)

const JOBS = 20

/** Looks at each run that are watched. */
const LOOKS = 8

/** ms. */
const POLL = 100
const DISCOVER = 200

let stop: AbortController
let following: Promise<void>

beforeEach(async () => {
  provider.reset()
  await studio().deleteFrom('jobs').execute()
  for (let n = 0; n < JOBS; n++)
    await fetch(`${provider.inner.baseURL}/fine_tuning/jobs`, {
      method: 'POST',
      body: JSON.stringify({ model: `elsewhere-${n}` }),
    })
  stop = new AbortController()
  following = startSyncLoop(stop.signal, { tick: 10, poll: POLL, discoverAway: DISCOVER })
  await until(async () => (await listJobs()).length === JOBS)
})
afterEach(async () => {
  stop.abort()
  await following
})
afterAll(async () => {
  await provider.close()
})

/** A tab with that run's page open: what its event stream has said so far. */
async function openTab(jobId: string) {
  const request = new Request(`http://localhost/api/stream?job=${jobId}`, { signal: stop.signal })
  const { body } = await stream.GET(request, {})
  const tab = { text: '' }
  const read = async () => {
    for await (const chunk of body ?? []) tab.text += Buffer.from(chunk).toString('utf8')
  }
  read().catch(() => undefined)
  return tab
}

/** Most calls that looking at a run costs in that time, and at the list of runs: one more than fits, at its edges. */
const most = (ms: number, every: number): number => Math.floor(ms / every) + 1

test.each([0, 1, 50])('%i tabs on twenty runs cost the provider what one costs', async (count) => {
  const jobs = await listJobs()
  const tabs = await Promise.all(Array.from({ length: count }, (_, n) => openTab(jobs[n % JOBS]?.id ?? '')))
  const asked = (operation: 'retrieve' | 'events', jobId: string) => provider.calls(operation, jobId)
  const remote = jobs.map(({ remoteId }) => remoteId ?? '')
  const before = remote.map((id) => asked('retrieve', id))
  const [discovered, events] = [provider.calls('discover'), remote.map((id) => asked('events', id))]
  const began = performance.now()
  for (const id of remote) provider.inner.tell(id, { message: `news of ${id}` })
  const looksAt = (n: number, id: string) => asked('retrieve', id) - (before[n] ?? 0)
  await until(() => remote.every((id, n) => looksAt(n, id) >= LOOKS))
  const took = performance.now() - began

  for (const [n, id] of remote.entries()) {
    const looks = looksAt(n, id)
    expect(looks).toBeLessThanOrEqual(most(took, POLL))
    // A look is one call for the job and one for its events, however many read it.
    expect(Math.abs(asked('events', id) - (events[n] ?? 0) - looks)).toBeLessThanOrEqual(1)
  }
  // One more may have been on its way when the counting began.
  expect(provider.calls('discover') - discovered).toBeLessThanOrEqual(most(took, DISCOVER) + 1)
  for (const operation of ['models', 'checkpoints', 'result', 'create'] as const)
    expect(provider.calls(operation)).toBe(0)

  const isTold = (tab: { text: string }, n: number) => tab.text.includes(`news of ${remote[n % JOBS]}`)
  await until(() => tabs.every(isTold))
})
