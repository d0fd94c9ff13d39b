/**
 * The engine's process. Started by the studio with `fork` and an environment built from nothing; its settings are the
 * first IPC message, its answer is the port, and it ends when whoever started it is gone.
 */
import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { withCauses } from '#lib/errors.ts'
import { createApp } from './app.ts'
import { openEngine } from './engine.ts'
import { serve } from './serve.ts'
import { type Listening, Settings } from './settings.ts'

/** Where a closed IPC channel goes unnoticed, a new parent does not. In ms. */
const PARENT_CHECK = 1_000

const orphaned = () => process.exit(0)
process.on('disconnect', orphaned)

const [message] = await once(process, 'message')
const { folder, key, modelsFolder, parent } = Settings.parse(message)
if (process.platform !== 'win32')
  setInterval(() => process.ppid !== parent && orphaned(), PARENT_CHECK).unref()

const engine = await openEngine({ folder, modelsFolder }).catch((error: Error) => {
  process.stderr.write(`${withCauses(error)}\n`)
  process.exit(1)
})
process.on('exit', engine.close)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))

const { port } = await serve(createApp(engine, key))
process.send?.({ kind: 'listening', port } satisfies Listening)
flushCompileCache() // where NODE_COMPILE_CACHE is set, the next start is quicker even if this process gets killed
