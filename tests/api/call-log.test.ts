import { type Kysely, sql } from 'kysely'
import { beforeEach, expect, test, vi } from 'vitest'
import { up as countAliasCalls } from '#lib/db/migrations/0010-alias-calls.ts'
import { inTransaction, studio } from '#lib/db/studio.ts'
import { recordCall } from '#lib/gateway/call-log.ts'
import type { CallRecord } from '#lib/gateway/store.ts'
import { deleteOldCalls, insertCalls } from '#lib/gateway/store.ts'
import { callsOfAliases } from '#lib/models/alias-store.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

beforeEach(async () => {
  await studio().deleteFrom('door_calls').execute()
  await studio().deleteFrom('alias_calls').execute()
})

let made = 0

const call = (alias: string | null, at: number): CallRecord => ({
  ...{ id: `call_${made++}`, key_id: 'k', alias, provider_id: 'embedded', model: 'limerick-base', at },
  ...{ outcome: 'finished', estimated: 0, total_ms: 1 },
})

const keep = (calls: CallRecord[]) => inTransaction((db) => insertCalls(calls, db))
const times = async () =>
  (await studio().selectFrom('door_calls').select('at').orderBy('at').execute()).map(({ at }) => Number(at))
const counts = async () =>
  Object.fromEntries((await callsOfAliases()).map(({ alias, calls, last }) => [alias, [calls, Number(last)]]))

test('old calls and those beyond the newest so many are deleted, the counts of aliases stay', async () => {
  await keep([call('prod', 10), call('prod', 20), call(null, 25), call('test', 30)])
  await keep([call('prod', 40), call('test', 50)])
  expect(await deleteOldCalls(20, 3)).toBe(false)
  expect(await times()).toEqual([30, 40, 50])
  expect(await counts()).toEqual({ prod: [3, 40], test: [2, 50] })
  await deleteOldCalls(1_000, 3)
  expect(await times()).toEqual([])
  expect(await counts()).toEqual({ prod: [3, 40], test: [2, 50] })
})

test('many are deleted bit by bit', async () => {
  const many = Array.from({ length: 1_000 }, () => call(null, 1))
  for (let n = 0; n < 6; n++) await keep(many.map((each) => ({ ...each, id: `${each.id} ${n}` })))
  expect(await deleteOldCalls(2, 100_000)).toBe(true)
  expect(await times()).toHaveLength(1_000)
  expect(await deleteOldCalls(2, 100_000)).toBe(false)
  expect(await times()).toEqual([])
})

test('the gateway itself deletes what is too old, and counts it', async () => {
  recordCall(call('prod', 1))
  recordCall(call('prod', Date.now()))
  await vi.waitUntil(async () => (await times()).length === 1, { timeout: 10_000 })
  expect((await counts()).prod?.[0]).toBe(2)
})

test('a folder whose aliases were counted from the log has their counts', async () => {
  await keep([call('prod', 10), call('prod', 20), call(null, 25)])
  await sql`drop table alias_calls`.execute(studio())
  await countAliasCalls(studio() as unknown as Kysely<unknown>)
  expect(await counts()).toEqual({ prod: [2, 20] })
})
