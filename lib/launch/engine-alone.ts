/**
 * `npm run engine`: the built-in engine without the studio, on a computer with a GPU, for a Limerick on another one.
 * Its data folder is the studio's, so one of the two holds it at a time.
 */
import { parseArgs } from 'node:util'
import { ensureKey } from '#lib/auth/key.ts'
import { printError } from '#lib/core/uncaught.ts'
import { env, LOOPBACK } from '#lib/env.ts'
import { keepEngine } from './engine.ts'
import { hideTokens } from './hide-tokens.ts'
import { lockDataFolder } from './lock.ts'
import { makePrivate } from './private-folder.ts'
import { createStop, leaveWhenAsked, watchOurselves } from './stop.ts'

const say = (line: string): void => console.log(line)

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string' } },
})

async function main(): Promise<void> {
  const settings = env()
  const stop = createStop(watchOurselves('The engine', settings))
  leaveWhenAsked(stop, settings, printError)
  process.umask(0o077)
  makePrivate(settings.dataFolder, say)
  const lock = lockDataFolder(settings.dataFolder)
  stop.endLast(() => lock.release())
  hideTokens(settings)
  const { host } = values
  const port = Number(values.port ?? settings.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('--port must be a number from 1 to 65535.')
  const engine = keepEngine({ ...settings, listen: { host, port, key: ensureKey() } })
  stop.endTogether(engine.stop)
  const problem = await engine.ready
  if (problem !== null) throw new Error(`The engine does not run: ${problem}`)
  say(`The engine is ready at http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`)
  say('Its key is printed by: npm run --silent key')
  if (!LOOPBACK.includes(host))
    say('Everybody on the network can read what is sent to it, the key too. ssh -L avoids that.')
}

main().catch((thrown) => {
  printError(thrown)
  process.exit(1)
})
