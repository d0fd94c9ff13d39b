/**
 * A studio without pages in a separate process, which tests kill: opens the database of LIMERICK_DATA as a start does,
 * runs the rescue of the compatible provider to its end, and prints what is there.
 */
import path from 'node:path'
import { sweepArchive } from '#lib/archive/store.ts'
import { clearTemporary } from '#lib/datasets/blobs.ts'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { startRescues } from '#lib/rescue/loop.ts'
import { listRescues, startRescue } from '#lib/rescue/rescue.ts'
import { snapshot } from './rescues.ts'
import { until } from './until.ts'

await clearTemporary()
setStudioDatabase(
  await openDatabase<StudioTables>(
    path.join(process.env.LIMERICK_DATA ?? '', 'studio.db'),
    path.resolve('lib/db/migrations'),
  ),
)
await sweepArchive()
const stateOf = async () => (await listRescues())[0]?.state
// Only the first start asks for it: every later one goes on by itself.
if ((await stateOf()) === 'none') await startRescue('compatible', { retry: false })
const stop = new AbortController()
const running = startRescues(stop.signal, { tick: 5, longest: 20 })
console.log('ready')
const ended = await until('the end of the rescue', async () => {
  const state = await stateOf()
  return state !== 'running' && state
})
stop.abort()
await running
console.log(JSON.stringify({ state: ended, items: await snapshot('compatible') }))
