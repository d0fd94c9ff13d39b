/**
 * A studio without pages in a separate process, which tests kill: opens the database of LIMERICK_DATA, syncs jobs, and
 * launches each draft from standard input, one JSON per line. Prints the result of each.
 */
import path from 'node:path'
import { createInterface } from 'node:readline'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { JobDraft } from '#lib/jobs/schema.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'

const WAITS = {
  tick: 5,
  poll: 200,
  discoverHere: 200,
  discoverAway: 200,
  reconcile: [0, 100, 300, 1_000],
  longest: 100,
}

const folder = process.env.LIMERICK_DATA ?? ''
setStudioDatabase(
  await openDatabase<StudioTables>(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')),
)
const stop = new AbortController()
const following = startSyncLoop(stop.signal, WAITS)
console.log('ready')
// Our own lines of JSON: no user data passes through readline.
for await (const line of createInterface({ input: process.stdin })) {
  const { id, launch } = await launchJob(JobDraft.parse(JSON.parse(line)))
  console.log(`${id} ${launch}`)
}
stop.abort()
await following
