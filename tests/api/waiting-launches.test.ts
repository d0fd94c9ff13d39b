import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { studio } from '#lib/db/studio.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { forgetWaiting, listWaiting, startWaiting, waitForSlot } from '#lib/jobs/waiting.ts'
import { draft, provider } from '../support/jobs.ts'
import { until } from '../support/until.ts'

let stop = new AbortController()
let loop: Promise<void> | undefined

const begin = () => {
  stop = new AbortController()
  loop = startWaiting(stop.signal, 5)
}
const end = async () => {
  stop.abort()
  await loop
}

beforeEach(async () => {
  await studio().deleteFrom('waiting_launches').execute()
  await studio().deleteFrom('daily_limits').execute()
})
afterEach(end)

const answer = JSON.parse(readFileSync('tests/fixtures/field/54-refusal-429-daily-limit.json', 'utf8'))
const refuseJobs = () =>
  provider.instead.set('POST /fine_tuning/jobs', (response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })

const large = (more: Partial<JobDraft> = {}) => draft({ model: 'gpt-4.1', ...more })

/** Uses up the jobs of the day. @returns ms; the next slot */
async function useUp(): Promise<number> {
  await launchJob(large())
  refuseJobs()
  const refused = await launchJob(large()).catch((thrown) => thrown)
  provider.instead.clear()
  return refused.facts.until
}

/** The day is over. */
async function openSlots(): Promise<void> {
  const past = Date.now() - 1
  await studio().updateTable('daily_limits').set({ until: past }).execute()
  await studio().updateTable('waiting_launches').set({ at: past }).execute()
}

test('a launch waits for the next slot and is sent then, once, under the id that it was given', async () => {
  const slot = await useUp()
  const waits = large({ suffix: 'later' })
  begin()
  const listed = [{ id: waits.id, model: 'gpt-4.1', suffix: 'later', at: slot, error: null }]
  expect(await waitForSlot(waits, slot)).toMatchObject(listed)
  expect(await waitForSlot(waits, slot)).toMatchObject(listed)
  expect(provider.creations).toHaveLength(1)
  await openSlots()
  await until('the launch', async () => (await listWaiting()).length === 0)
  expect(provider.creations).toHaveLength(2)
  expect(provider.creations[1]).toMatchObject({ metadata: { studio_intent: waits.id } })
  expect((await listJobs()).map(({ id }) => id)).toContain(waits.id)
})

test('when the slot goes to another, it waits for the one after it', async () => {
  const slot = await useUp()
  await waitForSlot(large(), slot)
  await openSlots()
  refuseJobs()
  begin()
  await until('the refusal', async () => ((await listWaiting())[0]?.at ?? 0) > Date.now())
  expect(await listWaiting()).toMatchObject([{ error: null }])
})

test('one that a stop has cut off after it was sent is not sent again', async () => {
  const waits = large()
  await waitForSlot(waits, 0)
  await launchJob(waits)
  begin()
  await until('the end', async () => (await listWaiting()).length === 0)
  expect(provider.creations).toHaveLength(1)
})

test('rows that have changed meanwhile are not trained on unseen', async () => {
  const waits = large()
  await waitForSlot(waits, Date.now() + 3_600_000)
  const line = JSON.stringify({
    messages: [
      { role: 'user', content: 'What is new?' },
      { role: 'assistant', content: 'This row.' },
    ],
  })
  await addRow(waits.training.datasetId, { line })
  await openSlots()
  begin()
  await until('the reason', async () => (await listWaiting())[0]?.error !== null)
  expect(await listWaiting()).toMatchObject([{ error: { key: 'jobs.rowsChanged' } }])
  expect(provider.creations).toHaveLength(0)
  expect(await forgetWaiting(waits.id)).toEqual([])
  await expect(forgetWaiting(waits.id)).rejects.toMatchObject({ code: 'not_found' })
})

test('what no waiting helps is said, and not tried again', async () => {
  provider.instead.set('POST /fine_tuning/jobs', (response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: 'No such method.', type: 'invalid_request_error' } }))
  })
  await waitForSlot(large(), 0)
  begin()
  await until('the reason', async () => (await listWaiting())[0]?.error !== null)
  const requests = provider.creations.length
  await end()
  begin()
  await until('another look', async () => (await listWaiting()).length === 1)
  expect(provider.creations).toHaveLength(requests)
  expect(await listJobs()).toEqual([])
})
