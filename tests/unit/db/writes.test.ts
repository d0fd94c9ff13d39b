import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { untilWritten, writes } from '#lib/db/writes.ts'
import { startEvals } from '#lib/evals/runner.ts'
import { live } from '#lib/jobs/live.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { until } from '#tests/support/until.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-writes-'))
const asked: string[] = []

beforeAll(async () => {
  const file = path.join(folder, 'studio.db')
  setStudioDatabase(
    await openDatabase<StudioTables>(file, path.resolve('lib/db/migrations'), {
      around: (run, text) => {
        asked.push(text)
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

const never = new AbortController().signal
const write = () => studio().deleteFrom('eval_sweeps').where('job_id', '=', 'none').execute()
/** ms that no test reaches: what waits this long would fail by its time limit. */
const LONG = 600_000

describe('a wait for the next write', () => {
  test('ends with a write, also one that came before it, and with the signal', async () => {
    const seen = writes()
    const waiting = untilWritten(seen, LONG, never)
    await write()
    await waiting
    await untilWritten(seen, LONG, never)
    const leaving = new AbortController()
    const left = untilWritten(writes(), LONG, leaving.signal)
    leaving.abort()
    await left
  })

  test('is not ended by reading', async () => {
    const seen = writes()
    await studio().selectFrom('evals').selectAll().execute()
    await studio()
      .transaction()
      .execute((db) => db.selectFrom('evals').selectAll().execute())
    expect(writes()).toBe(seen)
  })

  test('sees what a transaction wrote: its handle answers after the commit', async () => {
    const seen = writes()
    const written = untilWritten(seen, LONG, never).then(() =>
      studio().selectFrom('eval_sweeps').selectAll().execute(),
    )
    await studio()
      .transaction()
      .execute(async (db) => {
        await db.insertInto('eval_sweeps').values({ job_id: 'a', begun_at: 1 }).execute()
        await new Promise((later) => setImmediate(later))
        await db.insertInto('eval_sweeps').values({ job_id: 'b', begun_at: 2 }).execute()
      })
    expect(await written).toHaveLength(2)
    await studio().deleteFrom('eval_sweeps').execute()
  })
})

test('a studio with nothing to do asks its database nothing until something is written', async () => {
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
  /** Ticks of the loops go by without a statement. */
  const quiet = async () => {
    for (;;) {
      const before = asked.length
      await new Promise((later) => setTimeout(later, 300))
      if (asked.length === before) return
    }
  }
  await quiet()
  const before = asked.length
  await write()
  await until('every loop has looked', async () => asked.length > before + 3)
  await quiet()
  ending.abort()
  await Promise.all(loops)
})
