import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { startEvals } from '#lib/evals/runner.ts'
import { live } from '#lib/jobs/job-stream.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { until } from '#tests/support/until.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-changes-'))
const queries: string[] = []
const LIMITS = { provider_id: 'openai', monthly_cap: 1, confirm_above: 1 }

beforeAll(async () => {
  const file = path.join(folder, 'studio.db')
  setStudioDatabase(
    await openDatabase<StudioTables>(file, path.resolve('lib/db/migrations'), {
      around: (run, text) => {
        queries.push(text)
        return run()
      },
    }),
  )
})
afterAll(async () => {
  await studio().destroy()
  setStudioDatabase(undefined)
  rmSync(folder, { recursive: true })
})

/** ms, longer than the time limit of any test. */
const LONG = 600_000

const begin = (job_id: string) => studio().insertInto('eval_sweeps').values({ job_id, begun_at: 1 }).execute()

/** Counts the changes of `eval_sweeps` during `work`. */
async function changesWhile(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const unsubscribe = onChanges(['eval_sweeps'], () => count++)
  await work().finally(unsubscribe)
  return count
}

describe('a change', () => {
  test('is reported after a write to the table', async () => {
    expect(await changesWhile(() => begin('once'))).toBe(1)
    expect(await changesWhile(() => studio().deleteFrom('eval_sweeps').execute())).toBe(1)
  })

  test('is reported to a listener of another copy of the module', async () => {
    vi.resetModules()
    const copy = await import('#lib/db/changes.ts')
    const changed = vi.fn()
    const unsubscribe = copy.onChanges(['eval_sweeps'], changed)
    await begin('copy')
    unsubscribe()
    await begin('later')
    expect(changed).toHaveBeenCalledTimes(1)
  })

  test.each([
    ['a read', () => studio().selectFrom('eval_sweeps').selectAll().execute()],
    [
      'a write that changes no row',
      () => studio().deleteFrom('eval_sweeps').where('job_id', '=', 'no').execute(),
    ],
    ['a write to another table', () => studio().replaceInto('spend_limits').values(LIMITS).execute()],
    [
      'a transaction that only reads',
      () =>
        studio()
          .transaction()
          .execute((db) => db.selectFrom('evals').selectAll().execute()),
    ],
  ])('is not reported for %s', async (_, work) => {
    expect(await changesWhile(work)).toBe(0)
  })

  test('in a transaction is reported once, at the commit', async () => {
    let during = 0
    let count = 0
    const unsubscribe = onChanges(['eval_sweeps'], () => count++)
    await studio()
      .transaction()
      .execute(async (db) => {
        await db.insertInto('eval_sweeps').values({ job_id: 'a', begun_at: 1 }).execute()
        await db.insertInto('eval_sweeps').values({ job_id: 'b', begun_at: 2 }).execute()
        during = count
      })
    unsubscribe()
    expect([during, count]).toEqual([0, 1])
  })

  test('by a raw statement is reported', async () => {
    const raw = sql`insert into eval_sweeps (job_id, begun_at) values ('raw', 1)`
    expect(await changesWhile(() => raw.execute(studio()))).toBe(1)
    const replaced = sql`insert or replace into "eval_sweeps" (job_id, begun_at) values ('raw', 2)`
    expect(await changesWhile(() => replaced.execute(studio()))).toBe(1)
  })
})

test('a change between a read and a sleep ends the sleep', async () => {
  const { signal } = new AbortController()
  const waker = new Waker()
  const unsubscribe = onChanges(['eval_sweeps'], waker.wake)
  const look = studio().selectFrom('eval_sweeps').selectAll().execute()
  await begin('between')
  await look
  await waker.sleep({ signal })
  const sleeping = waker.sleep({ signal })
  await begin('asleep')
  await sleeping
  unsubscribe()
})

test('an idle studio sends no query until a table with a listener changes', async () => {
  const ending = new AbortController()
  const read = async () => {
    for await (const _ of live(undefined, null, ending.signal)) if (ending.signal.aborted) return
  }
  const waits = { tick: 1, discoverHere: LONG, discoverAway: LONG }
  const loops = [
    startSyncLoop(ending.signal, waits),
    startEvals(ending.signal, { tick: 1, sweep: 1 }),
    read(),
  ]
  /** Resolves after 300 ms without a statement. */
  const quiet = async () => {
    for (;;) {
      const before = queries.length
      await new Promise((later) => setTimeout(later, 300))
      if (queries.length === before) return
    }
  }
  await quiet()
  const before = queries.length
  await studio().replaceInto('spend_limits').values(LIMITS).execute()
  await quiet()
  expect(queries.length).toBe(before + 1)
  await begin('job')
  await until('the evaluations have looked', async () => queries.length > before + 2)
  await quiet()
  ending.abort()
  await Promise.all(loops)
})
