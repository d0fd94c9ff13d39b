// Plain JavaScript on purpose: it must run on a Node too old for everything else, to be able to say so.
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 24 || (major === 24 && minor < 2)) {
  console.error(
    `Limerick needs Node 24.2 or newer and found ${process.versions.node}. Start it with "npm start", which brings its own Node.`,
  )
  process.exit(1)
}

// Compiled modules of the last start: the next one is ready in two thirds of the time.
const { enableCompileCache } = await import('node:module')
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/limerick', import.meta.url)))

process.env.NODE_ENV = 'production'
process.env.NEXT_TELEMETRY_DISABLED = '1'

const COMMANDS = {
  key: './auth/print-key.ts',
  url: './auth/print-url.ts',
  'check-data': './launch/check-data.ts',
  engine: './launch/engine-alone.ts',
}

await import(COMMANDS[process.argv[2]] ?? './launch.ts')
