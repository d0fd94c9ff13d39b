import type { Server } from 'node:http'
import { flushCompileCache } from 'node:module'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { sweepArchive } from '#lib/archive/store.ts'
import { admit } from '#lib/auth/guard.ts'
import { ensureKey } from '#lib/auth/key.ts'
import { makeAddress } from '#lib/auth/token.ts'
import { withCauses } from '#lib/core/errors.ts'
import { ensureSamples } from '#lib/datasets/samples.ts'
import { sweep } from '#lib/datasets/sweep-store.ts'
import { stopWorker } from '#lib/datasets/worker/client.ts'
import { closeDatabase, openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { isDiskFull, unlessDiskFull } from '#lib/disk/full.ts'
import { type Env, env } from '#lib/env.ts'
import { startEvals } from '#lib/evals/runner.ts'
import { writeRecords } from '#lib/gateway/call-log.ts'
import { serveV1 } from '#lib/gateway/v1.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { frontDoor, type Rooms } from '#lib/http/front-door.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { startWaiting } from '#lib/jobs/waiting.ts'
import { ensureBuild } from '#lib/launch/build.ts'
import { keepEngine } from '#lib/launch/engine.ts'
import { hideTokens } from '#lib/launch/hide-tokens.ts'
import { listen } from '#lib/launch/listen.ts'
import { lockDataFolder } from '#lib/launch/lock.ts'
import { makeRoom } from '#lib/launch/make-room.ts'
import { makePrivate } from '#lib/launch/private-folder.ts'
import { checkOurselves } from '#lib/launch/self-check.ts'
import { createStop, leaveWhenAsked, type Stop, watchOurselves } from '#lib/launch/stop.ts'
import { loadConnections } from '#lib/providers/connections.ts'
import { startRescues } from '#lib/rescue/loop.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const MIGRATIONS = fileURLToPath(new URL('./db/migrations', import.meta.url))

const say = (line: string): void => console.log(line)

/** Answers visitors until the pages are ready. */
const starting: Rooms['pages'] = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '2' })
  response.end('Limerick is starting.\n')
}

async function openStudio({ dataFolder }: Env): Promise<void> {
  const file = path.join(dataFolder, 'studio.db')
  const db = await openDatabase<StudioTables>(file, MIGRATIONS, { contents: ['blobs', 'archive'] })
  // Also when this process ends on an error.
  process.on('exit', () => closeDatabase(db))
  setStudioDatabase(db)
  await loadConnections()
  const later = unlessDiskFull(({ message }) => say(message))
  await sweep().catch(later)
  await sweepArchive().catch(later)
  await ensureSamples().catch(later)
}

async function pages(port: number): Promise<Rooms['pages']> {
  await ensureBuild(() => say('Building the pages. This happens once, and takes about half a minute.'))
  const app = next({ dev: false, dir: HOME, hostname: 'localhost', port })
  await app.prepare()
  return app.getRequestHandler()
}

function hangUp(servers: Server[]): void {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
}

/** Our own workers end first: once the last handle is closed, the whole database is in its file. */
function closeStudio(stop: Stop): void {
  stop.endTogether(stopWorker)
  stop.endLast(() => closeDatabase(studio()))
  stop.endLast(writeRecords)
}

interface Launched {
  /** The only address with the token. */
  address: string
  /** Why the built-in engine does not run; null when it does. */
  engineError: string | null
}

async function launch(settings: Env, stop: Stop): Promise<Launched> {
  const { port, host } = settings
  // New files are private to their owner, even in an existing data folder that is open to others.
  process.umask(0o077)
  makePrivate(settings.dataFolder, say)
  const lock = lockDataFolder(settings.dataFolder)
  stop.endLast(() => lock.release())
  await makeRoom(settings.dataFolder, say)
  ensureKey()
  const rooms: Rooms = { pages: starting, serveV1, admit }
  const servers = await listen(frontDoor(rooms, port), host, port)
  const address = makeAddress(port)
  stop.endTogether(() => hangUp(servers))
  hideTokens(settings)
  const engine = keepEngine(settings)
  stop.endTogether(engine.stop)
  await openStudio(settings)
  closeStudio(stop)
  rooms.pages = await pages(port)
  const loops = [startSyncLoop, startWaiting, startEvals, startRescues]
  const background = loops.map((loop) => loop(stop.signal))
  // Cutting them loses nothing: the next start resumes their work.
  stop.endTogether((patience) => Promise.race([Promise.all(background), pause(Math.min(patience, 1_000))]))
  for (const server of servers) await checkOurselves(server, port)
  return { address, engineError: await engine.ready }
}

/** ms after which a blocked main thread counts as hung. The longest legitimate work takes seconds. */
const BLOCKED = 120_000

function printFailure(thrown: unknown): void {
  console.error(withCauses(thrown))
  if (isDiskFull(thrown))
    console.error(`The disk is full. Free some megabytes in ${env().dataFolder}, then start again.`)
}

async function main(): Promise<void> {
  const settings = env()
  const watchdog = watchOurselves('Limerick', settings)
  const stop = createStop(watchdog)
  leaveWhenAsked(stop, settings, (thrown) => logInternal(failure(thrown)))
  try {
    const { address, engineError } = await launch(settings, stop)
    if (engineError) say(`The built-in engine does not run: ${engineError}`)
    say(`Limerick is ready at ${address}`)
    watchdog.endIfBlocked(BLOCKED)
    // Written now, not at the end: a killed process could not write it.
    flushCompileCache()
  } catch (thrown) {
    // Errors caused by the stop itself are not worth reporting.
    if (stop.signal.aborted) return
    printFailure(thrown)
    await stop.leave(1)
  }
}

process.chdir(HOME)
await main().catch((thrown: Error) => {
  console.error(thrown.message)
  process.exit(1)
})
