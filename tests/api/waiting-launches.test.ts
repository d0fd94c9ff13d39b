import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { makeVersion } from '#lib/datasets/versions.ts'
import { studio } from '#lib/db/studio.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { settleInterrupted } from '#lib/jobs/reconcile.ts'
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

const NEW_ROW = JSON.stringify({
  messages: [
    { role: 'user', content: 'What is new?' },
    { role: 'assistant', content: 'This row.' },
  ],
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

test('one that a stop has cut off after it was sent is not sent again, whatever its rows are by then', async () => {
  const waits = large()
  await waitForSlot(waits, 0)
  await launchJob(waits)
  await addRow(waits.training.datasetId, { line: NEW_ROW })
  begin()
  await until('the end', async () => (await listWaiting()).length === 0)
  expect(provider.creations).toHaveLength(1)
})

test('one that a stop has cut off before it was sent is sent after all, under another id', async () => {
  const waits = large()
  await waitForSlot(waits, 0)
  await launchJob(waits)
  // As a start finds it, and what it then makes of it.
  const intent = { launch: 'intent', remote_id: null, start: 'an earlier one' }
  await studio().updateTable('jobs').set(intent).where('id', '=', waits.id).execute()
  begin()
  await until('a look', async () => ((await listWaiting())[0]?.at ?? 0) > 0)
  expect(provider.creations).toHaveLength(1)
  await settleInterrupted()
  await until('the end', async () => (await listWaiting()).length === 0)
  expect(provider.creations).toHaveLength(2)
  const again = (await listJobs())[0]?.id
  expect(provider.creations[1]).toMatchObject({ metadata: { studio_intent: again } })
  expect(again).not.toBe(waits.id)
  expect(await listJobs()).toMatchObject([
    { id: again, launch: 'known' },
    { id: waits.id, status: 'failed' },
  ])
})

test('one that was removed while another was sent is not sent', async () => {
  const [first, second] = [large(), large()]
  await waitForSlot(first, 0)
  await waitForSlot(second, 0)
  const gate = Promise.withResolvers<void>()
  provider.instead.set('POST /fine_tuning/jobs', async (response) => {
    await gate.promise
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: 'Not this one.', type: 'invalid_request_error' } }))
  })
  begin()
  await until(
    'the first',
    async () => (await studio().selectFrom('jobs').select('id').execute()).length === 1,
  )
  await expect(forgetWaiting(first.id)).rejects.toMatchObject({ code: 'conflict' })
  expect(await forgetWaiting(second.id)).toHaveLength(1)
  gate.resolve()
  await until('the reason', async () => (await listWaiting())[0]?.error !== null)
  await end()
  expect(await studio().selectFrom('jobs').select('id').execute()).toEqual([{ id: first.id }])
})

test('a sum that has to be confirmed is asked for before it waits, and the same id stands for one draft', async () => {
  const price = {
    provider_id: 'embedded',
    model: '',
    per_million: 5_000_000_000,
    as_of: '2026-11-30',
    source: 'x',
  }
  await studio().insertInto('prices').values(price).execute()
  await studio()
    .insertInto('spend_limits')
    .values({ provider_id: 'embedded', monthly_cap: null, confirm_above: 1 })
    .execute()
  const waits = large()
  const refused = await waitForSlot(waits, 0).catch((thrown) => thrown)
  expect(refused).toMatchObject({ code: 'needs_confirmation' })
  const confirmed = Number(refused.facts.estimate)
  expect(await waitForSlot({ ...waits, confirmed }, 0)).toHaveLength(1)
  await expect(waitForSlot({ ...waits, confirmed, seed: 5 }, 0)).rejects.toMatchObject({ code: 'conflict' })
  begin()
  await until('the end', async () => (await listWaiting()).length === 0)
  expect(provider.creations).toHaveLength(1)
  await end()
  for (const table of ['prices', 'spend_limits', 'spend'] as const) await studio().deleteFrom(table).execute()
})

test('rows that have changed meanwhile are not trained on unseen', async () => {
  const waits = large()
  await waitForSlot(waits, Date.now() + 3_600_000)
  await addRow(waits.training.datasetId, { line: NEW_ROW.replace('new', 'newer') })
  await openSlots()
  begin()
  await until('the reason', async () => (await listWaiting())[0]?.error !== null)
  expect(await listWaiting()).toMatchObject([{ error: { key: 'jobs.rowsChanged' } }])
  expect(provider.creations).toHaveLength(0)
  expect(await forgetWaiting(waits.id)).toEqual([])
  await expect(forgetWaiting(waits.id)).rejects.toMatchObject({ code: 'not_found' })
})

test('a launch of a version waits for its rows, whatever becomes of the others', async () => {
  const { id: version } = await makeVersion(draft().training.datasetId)
  const waits = large({ version })
  await waitForSlot(waits, Date.now() + 3_600_000)
  await addRow(waits.training.datasetId, { line: NEW_ROW.replace('new', 'newest') })
  await openSlots()
  begin()
  await until('the launch', async () => (await listWaiting()).length === 0)
  expect((await listJobs())[0]).toMatchObject({ id: waits.id, datasetVersion: { id: version } })
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
