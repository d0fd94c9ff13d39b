import type { Server } from 'node:http'
import { flushCompileCache } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { admit } from '#lib/access/guard.ts'
import { ensureKey } from '#lib/access/key.ts'
import { makeAddress } from '#lib/access/token.ts'
import { ensureSamples } from '#lib/datasets/samples.ts'
import { sweep } from '#lib/datasets/store.ts'
import { closeDatabase, openDatabase } from '#lib/db/open.ts'
import { serveStudio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { isDiskFull, unlessDiskFull } from '#lib/disk/full.ts'
import { program } from '#lib/door/v1.ts'
import { type Env, env } from '#lib/env.ts'
import { withCauses } from '#lib/errors.ts'
import { startEvals } from '#lib/evals/run.ts'
import { frontDoor, type Rooms } from '#lib/http/front-door.ts'
import { startFollower } from '#lib/jobs/follow.ts'
import { ensureBuild } from '#lib/launch/build.ts'
import { keepEngine } from '#lib/launch/engine.ts'
import { listen } from '#lib/launch/listen.ts'
import { type Lock, lockDataFolder } from '#lib/launch/lock.ts'
import { makeRoom } from '#lib/launch/make-room.ts'
import { makePrivate } from '#lib/launch/private-folder.ts'
import { checkOurselves } from '#lib/launch/self-check.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const MIGRATIONS = fileURLToPath(new URL('./db/migrations', import.meta.url))

const say = (line: string): void => console.log(line)

/** Until the pages are ready a visitor is told so. */
const starting: Rooms['pages'] = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '2' })
  response.end('Limerick is starting.\n')
}

async function openStudio({ dataFolder }: Env): Promise<void> {
  const file = path.join(dataFolder, 'studio.db')
  const db = await openDatabase<StudioTables>(file, MIGRATIONS, { contents: ['blobs'] })
  process.on('exit', () => closeDatabase(db))
  serveStudio(db)
  const later = unlessDiskFull(({ message }) => say(message))
  await sweep().catch(later)
  await ensureSamples().catch(later)
}

async function pages(port: number): Promise<Rooms['pages']> {
  await ensureBuild(() => say('Building the pages. This happens once, and takes about half a minute.'))
  const app = next({ dev: false, dir: HOME, hostname: 'localhost', port })
  await app.prepare()
  return app.getRequestHandler()
}

/** Everything ends with this process: the engine and its workers leave when their parent does. */
function stopOnSignal(stop: AbortController, servers: Server[], lock: Lock): void {
  const leave = () => {
    if (stop.signal.aborted) process.exit(1)
    stop.abort()
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    // The engine gets a moment to close its database.
    setTimeout(() => {
      lock.release()
      process.exit(0)
    }, 300)
  }
  process.on('SIGINT', leave)
  process.on('SIGTERM', leave)
  if (env().underNpm) leaveWithParent(leave)
}

/** npm's shell ends on a signal without passing it on: that it is gone is the signal. */
function leaveWithParent(leave: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    leave()
  }, 250)
  watch.unref()
}

async function launch(): Promise<void> {
  const settings = env()
  const { port, host } = settings
  // What is written is its owner's alone, also in a data folder that was there before and is open to others.
  process.umask(0o077)
  makePrivate(settings.dataFolder, say)
  const lock = lockDataFolder(settings.dataFolder)
  await makeRoom(settings.dataFolder, say)
  ensureKey()
  const rooms: Rooms = { pages: starting, program, admit }
  const stop = new AbortController()
  const servers = await listen(frontDoor(rooms, port), host, port)
  const address = makeAddress(port)
  stopOnSignal(stop, servers, lock)
  const engine = keepEngine(settings, stop.signal)
  await openStudio(settings)
  rooms.pages = await pages(port)
  void startFollower(stop.signal)
  void startEvals(stop.signal)
  for (const server of servers) await checkOurselves(server, port)
  await engine
  // The one line that holds the token.
  say(`Limerick is ready at ${address}`)
  // Written now, not at the end: a killed process writes nothing any more.
  flushCompileCache()
}

process.chdir(HOME)
try {
  await launch()
} catch (thrown) {
  console.error(withCauses(thrown))
  if (isDiskFull(thrown))
    console.error(`The disk is full. Free some megabytes in ${env().dataFolder}, then start again.`)
  process.exit(1)
}
