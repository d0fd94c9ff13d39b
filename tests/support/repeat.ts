/**
 * Repeats the whole suite: `npm run test:repeat -- 20` prints the minutes and the outcome of each run. `--load` runs two
 * busy loops per core meanwhile, to reveal races.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'

const [times = '1', ...options] = process.argv.slice(2)
const folder = mkdtempSync(path.join(tmpdir(), 'limerick-repeat-'))

const idlers = Array.from({ length: options.includes('--load') ? 2 * availableParallelism() : 0 }, () =>
  spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
)
process.once('exit', () => idlers.forEach((idler) => void idler.kill('SIGKILL')))
process.once('SIGINT', () => process.exit(130))

/** @returns its last line of output */
async function suite(log: string): Promise<string> {
  const child = spawn(process.execPath, ['tests/run.ts'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const file = createWriteStream(log)
  let end = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      file.write(part)
      end = (end + part).slice(-200)
    })
  await once(child, 'close')
  file.end()
  return end.trim().split('\n').at(-1) ?? ''
}

for (let run = 1; run <= Number(times); run++) {
  const log = path.join(folder, `${run}.log`)
  const began = performance.now()
  const outcome = await suite(log)
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  const isGreen = / 0 failed/.test(outcome)
  if (!isGreen) process.exitCode = 1
  console.log(`${run}: ${minutes} min, ${outcome}${isGreen ? '' : ` (${log})`}`)
}
process.exit()
