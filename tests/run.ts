/**
 * Runs every test and ends with the line `N passed, N failed`.
 * `--long` adds the long forms (fuzz sizes, soak, repeated kills) that a merge does not wait for.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureBuild } from '../lib/launch/build.ts'
import { chromiumPath } from './support/chromium.ts'

interface Count {
  passed: number
  failed: number
  skipped: number
}

const long = process.argv.includes('--long')
const reports = mkdtempSync(path.join(tmpdir(), 'limerick-tests-'))

/** Scripts of packages, run by this same Node. */
const binOf = (name: string, file: string): string => path.join('node_modules', name, file)

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  console.log(`\n— ${path.basename(args[0] ?? command)} ${args.slice(1).join(' ')}`)
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', LIMERICK_LONG: long ? '1' : '', ...env },
  })
  return status === 0
}

const node = (...args: string[]): boolean => run(process.execPath, args)

/** A check that is right or wrong as a whole counts as one test. */
const asOne = (ok: boolean): Count => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 })

const readReport = (file: string): unknown =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null

function vitest(): Count {
  const file = path.join(reports, 'vitest.json')
  const ok = node(
    binOf('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  )
  const report = readReport(file) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
  } | null
  if (!report) return asOne(false)
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report
  // A file that does not even load fails no test by name.
  return { passed, failed: failed === 0 && !ok ? 1 : failed, skipped }
}

function playwright(): Count {
  const file = path.join(reports, 'playwright.json')
  const ok = run(process.execPath, [binOf('@playwright/test', 'cli.js'), 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  })
  const report = readReport(file) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  } | null
  if (!report) return asOne(false)
  const { expected, unexpected, flaky, skipped } = report.stats
  const failed = unexpected + flaky
  return { passed: expected, failed: failed === 0 && !ok ? 1 : failed, skipped }
}

const add = (a: Count, b: Count): Count => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

const types = (): boolean =>
  node(binOf('next', 'dist/bin/next'), 'typegen') && node(binOf('typescript', 'bin/tsc'), '--noEmit')

async function build(): Promise<boolean> {
  try {
    await ensureBuild(() => console.log('\n— next build'))
    return true
  } catch (thrown) {
    console.error(thrown)
    return false
  }
}

console.log(`Tests run on Node ${process.version}, in Chromium at ${chromiumPath()}`)
const counts = [
  asOne(node(binOf('@biomejs/biome', 'bin/biome'), 'check', '.')),
  asOne(node(binOf('knip', 'bin/knip.js'))),
  asOne(types()),
]
const built = await build()
counts.push(asOne(built))
if (built) counts.push(vitest(), playwright())

const { passed, failed, skipped } = counts.reduce(add)
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1
