import { afterEach, beforeEach, vi } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { SpendLimits } from '#lib/providers/schema.ts'
import type { Reservation } from '#lib/providers/spend.ts'
import { type ChatProvider, startChatProvider } from './chat-provider.ts'
import { jobDraft } from './job-draft.ts'
import { setProvider, setUpStudio } from './set-up.ts'
import { startTrainingProvider, type TrainingProvider } from './training-provider.ts'

/*
 * A studio with a provider that costs, for the test files that import it: its hooks run around each of their tests.
 */

export let provider: TrainingProvider
export let answers: ChatProvider

/** The far provider costs; it is whichever of the two servers a test needs. */
export async function isFar({ baseURL, key }: { baseURL: string; key: string }): Promise<void> {
  vi.resetModules()
  setProvider({ baseURL, key })
}

export const room = {
  holds: () => import('#lib/providers/backoff.ts'),
  launch: () => import('#lib/jobs/launch.ts'),
  list: () => import('#lib/jobs/list.ts'),
  prices: () => import('#lib/providers/training-price-list.ts'),
  chatPrices: () => import('#lib/providers/chat-price-list.ts'),
  reconcile: () => import('#lib/jobs/reconcile.ts'),
  spend: () => import('#lib/providers/spend.ts'),
  store: () => import('#lib/jobs/store.ts'),
}

await setUpStudio()
export const { id: datasetId } = await loadSample()

beforeEach(async () => {
  provider = await startTrainingProvider()
  answers = await startChatProvider()
  await isFar(provider)
  const db = studio()
  for (const table of ['jobs', 'uploads', 'spend', 'spend_limits', 'prices', 'chat_prices'] as const)
    await db.deleteFrom(table).execute()
  await db.deleteFrom('provider_holds').execute()
  const { setPrice } = await room.prices()
  await setPrice({
    providerId: 'compatible',
    model: '',
    perMillion: 1_000_000,
    asOf: '2026-11-22',
    source: 'us',
  })
})
afterEach(async () => {
  await Promise.all([provider.close(), answers.close()])
})

export const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, {
    providerId: 'compatible',
    model: 'small',
    suffix: 'elle',
    hyperparameters: { nEpochs: 3, batchSize: 'auto', learningRateMultiplier: 'auto' },
    ...more,
  })

export const launch = async (more: Partial<JobDraft> = {}) => (await room.launch()).launchJob(draft(more))

export const limit = async (limits: Partial<SpendLimits>) =>
  (await room.spend()).setLimits({
    providerId: 'compatible',
    monthlyCap: null,
    confirmAbove: null,
    ...limits,
  })

export const spending = async () => (await (await room.spend()).listSpending())[0]

export const wish = (id: string, more: Partial<Reservation> = {}): Reservation => ({
  id,
  providerId: 'compatible',
  kind: 'job',
  estimate: 1_000,
  perMillion: 1_000_000,
  confirmed: null,
  ...more,
})

export const json = { 'content-type': 'application/json' }
