import { afterAll, expect, test } from 'vitest'
import type { Rescue } from '#lib/rescue/schema.ts'
import { startOpenaiAccount } from '../support/openai-account.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { until } from '../support/until.ts'

const JOBS = 24

const account = await startOpenaiAccount({ jobs: JOBS, steps: 700 })
const env = { OPENAI_BASE_URL: account.baseURL, OPENAI_API_KEY: account.key }
let studio: Studio

afterAll(async () => {
  await discard(studio)
  await account.close()
})

const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> => {
  const headers = { origin: studio.url, 'content-type': 'application/json' }
  const answer = await fetch(`${studio.url}${path}`, { ...init, headers })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Answer
}

const rescue = async (): Promise<Rescue | undefined> => (await ask<Rescue[]>('/api/rescue'))[0]

const savedOf = (found: Rescue | undefined): number =>
  (found?.meters ?? []).reduce((sum, { saved }) => sum + saved, 0)

test('a rescue goes on by itself after kill -9 of the product, and only reads', async () => {
  studio = await startStudio({ env })
  account.faults.delay = 30
  await ask('/api/rescue/compatible', { method: 'POST', body: '{}' })
  const before = await until('half a rescue', async () => {
    const saved = savedOf(await rescue())
    return saved > JOBS && saved
  })
  await studio.killAll()
  account.faults.delay = 0
  studio = await startStudio({ env, dataFolder: studio.dataFolder })
  expect(savedOf(await rescue())).toBeGreaterThanOrEqual(before)
  const done = await until('the end of the rescue', async () => {
    const found = await rescue()
    return found?.state !== 'running' && found
  })
  expect(done).toMatchObject({ state: 'done', missing: 2 })
  expect(done.meters.find(({ kind }) => kind === 'job')).toMatchObject({ count: JOBS, saved: JOBS })
  expect(done.meters.find(({ kind }) => kind === 'events')).toMatchObject({ count: JOBS, saved: JOBS })
  expect(account.requests.filter((request) => !request.startsWith('GET '))).toEqual([])
})
