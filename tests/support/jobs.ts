import { afterEach, beforeEach } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { jobDraft } from './job-draft.ts'
import { QUICK } from './quick.ts'
import { setUpStudio } from './set-up.ts'
import { startTrainingProvider, type TrainingProvider } from './training-provider.ts'

/*
 * A studio with a sample and an engine of the test's, for the test files that import it: its hooks run around each of
 * their tests.
 */

await setUpStudio()
const { id: datasetId } = await loadSample()

export let provider: TrainingProvider
let stop: AbortController
let following: Promise<void> | undefined

beforeEach(async () => {
  provider = await startTrainingProvider()
  setEngineAddress({ baseURL: provider.baseURL, key: provider.key })
  await studio().deleteFrom('jobs').execute()
  await studio().deleteFrom('uploads').execute()
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await following
  await provider.close()
})

export const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, { suffix: 'elle', ...more })

export const follow = () => {
  following = startSyncLoop(stop.signal, { ...QUICK, longest: 50 })
}
