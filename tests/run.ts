/**
 * Runs every test and ends with the line `N passed, N failed`. What does not need the built pages runs while they are
 * built, and then beside the journeys: most tests wait for another process most of the time.
 * `--long` adds the long forms (fuzz sizes, soak, repeated kills) that a merge does not wait for; `--real-model` the tests
 * on a known model (tests/real-model) and `--trainer` those of the Python trainer (trainer/), both where pip works.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBuild } from '../lib/launch/build.ts'
import { prepareRealModel } from './real-model/prepare.ts'
import { chromiumPath } from './support/chromium.ts'
import { type Count, type Report, readPlaywright, readPytest, readVitest } from './support/reports.ts'
import { prepareTrainerPython } from './support/trainer-python.ts'

const long = process.argv.includes('--long')
const reports = mkdtempSync(path.join(tmpdir(), 'limerick-tests-'))
const began = performance.now()

/** Minutes and seconds. */
const clock = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Scripts of packages, run by this same Node. */
const binOf = (name: string, file: string): string => path.join('node_modules', name, file)

/** Runs a script to its end. Several run at once, so each line of theirs names its part. */
async function run(
  part: string,
  args: string[],
  env: Record<string, string> = {},
  program = process.execPath,
): Promise<boolean> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', LIMERICK_LONG: long ? '1' : '', ...env },
  })
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => console.log(`${part} │ ${line}`))
  const [status] = await once(child, 'close')
  return status === 0
}

const times: string[] = []

/** What failed, named again at the end, where it is not lost among the lines of two parts. */
const failures: string[] = []

/** Notes from when to when a part ran. */
async function timed<Result>(part: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now()
  console.log(`\n— ${part}`)
  const result = await work()
  const end = performance.now()
  times.push(`${clock(end - start)}  ${part}, from ${clock(start - began)} to ${clock(end - began)}`)
  return result
}

/** A check that is right or wrong as a whole counts as one test. */
const asOne = (ok: boolean): Count => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 })

const check = (part: string, ...scripts: string[][]): Promise<Count> =>
  timed(part, async () => {
    for (const script of scripts) {
      if (await run(part, script)) continue
      failures.push(`failed: ${part}`)
      return asOne(false)
    }
    return asOne(true)
  })

/** @param ok whether the part ended well: a file that does not even load fails no test by name */
function counted(report: Report | null, ok: boolean): Count {
  if (!report) return asOne(false)
  failures.push(...report.failures)
  return { ...report.count, failed: report.count.failed === 0 && !ok ? 1 : report.count.failed }
}

interface Chosen {
  env?: Record<string, string>
  /** Part of the path of the files to run; empty for all. */
  files?: string
}

async function vitest(
  part: string,
  projects: string[],
  { env = {}, files = '' }: Chosen = {},
): Promise<Count> {
  const file = path.join(reports, `${part}.json`)
  const script = [
    binOf('vitest', 'vitest.mjs'),
    'run',
    ...projects.map((name) => `--project=${name}`),
    ...(files ? [files] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const ok = await run(part, script, env)
  return counted(readVitest(file), ok)
}

async function playwright(part: string): Promise<Count> {
  const file = path.join(reports, 'playwright.json')
  const ok = await run(part, [binOf('@playwright/test', 'cli.js'), 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  })
  return counted(readPlaywright(file), ok)
}

const add = (a: Count, b: Count): Count => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

async function build(): Promise<boolean> {
  try {
    await ensureBuild(() => undefined)
    return true
  } catch (thrown) {
    console.error(thrown)
    return false
  }
}

/** Without built pages neither the product nor its journeys can run. */
const built = timed('build', build)

const rooms = async (): Promise<Count[]> => [
  await check('format', [binOf('@biomejs/biome', 'bin/biome'), 'check', '.']),
  await check('dead code', [binOf('knip', 'bin/knip.js')]),
  await timed('rooms', () => vitest('rooms', ['unit', 'api'])),
  ...((await built)
    ? [await timed('product', () => vitest('product', ['engine', 'product', ...(long ? ['long'] : [])]))]
    : []),
]

/** The build writes types too, so they are checked after it. */
async function pages(): Promise<Count[]> {
  if (!(await built)) return [asOne(false)]
  const types = await check(
    'types',
    [binOf('next', 'dist/bin/next'), 'typegen'],
    [binOf('typescript', 'bin/tsc'), '--noEmit'],
  )
  return [asOne(true), types, await timed('journeys', () => playwright('journeys'))]
}

async function realModel(): Promise<Count> {
  const found = prepareRealModel()
  if (found) return vitest('real model', ['real-model'], { env: { ...found } })
  console.log('The tests on a known model are left out: Python 3, pip or its index is missing.')
  return { passed: 0, failed: 0, skipped: 0 }
}

async function pytest(python: string): Promise<Count> {
  const file = path.join(reports, 'pytest.xml')
  const env = { PYTHONPATH: path.resolve('trainer'), OMP_NUM_THREADS: '1' }
  const ok = await run('pytest', ['-m', 'pytest', '-q', '--junitxml', file, 'trainer/tests'], env, python)
  return counted(readPytest(file), ok)
}

/** The package's own tests, and the contract that every trainer keeps. */
async function trainer(): Promise<Count> {
  const python = prepareTrainerPython()
  if (python === null) {
    console.log('The tests of the Python trainer are left out: Python 3.11, pip or its index is missing.')
    return { passed: 0, failed: 0, skipped: 0 }
  }
  const own = await pytest(python)
  const env = { LIMERICK_PYTHON: python }
  return add(own, await vitest('trainer', ['engine'], { env, files: 'tests/engine/trainers' }))
}

console.log(`Tests run on Node ${process.version}, in Chromium at ${chromiumPath()}`)
// Two lanes of two workers: with more, two cores do the same work more slowly, as each waits longer and asks more often.
const counts = (await Promise.all([rooms(), pages()])).flat()

// Alone: it trains 135 million parameters.
if (process.argv.includes('--real-model')) counts.push(await timed('real model', realModel))
if (process.argv.includes('--trainer')) counts.push(await timed('trainer', trainer))

const { passed, failed, skipped } = counts.reduce(add)
console.log(`\n${[...failures, ...times].join('\n')}\n${clock(performance.now() - began)}  in all`)
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1
