/** What the reports of the two test runners say. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface Count {
  passed: number
  failed: number
  skipped: number
}

export interface Report {
  count: Count
  /** A line for each test that failed, with the first line of its message. */
  failures: string[]
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

interface PlaywrightSuite {
  file: string
  suites?: PlaywrightSuite[]
  specs: { title: string; tests: { status: string; results: { errors: { message?: string }[] }[] }[] }[]
}

interface PlaywrightReport {
  suites: PlaywrightSuite[]
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

/** @returns null if the runner did not get as far as writing one */
const read = <Shape>(file: string): Shape | null =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null

/** Lines of a difference that are told, and how much of each. */
const [RECEIVED, WIDTH] = [6, 300]

/** The first line of a failure, and of a difference what was received: "deep equality" alone helps nobody. */
function failure(name: string, message = ''): string {
  const [first, ...rest] = stripVTControlCharacters(message).trim().split('\n')
  const received = rest
    .filter((line) => line.startsWith('+ ') && !line.startsWith('+ Received'))
    .slice(0, RECEIVED)
  return [`failed: ${name}: ${first}`, ...received.map((line) => line.slice(0, WIDTH))].join('\n  ')
}

function failuresIn({
  name,
  status,
  message,
  assertionResults,
}: VitestReport['testResults'][number]): string[] {
  const file = path.relative('.', name)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (status === 'failed' && failed.length === 0) return [failure(file, message)]
  return failed.map(({ fullName, failureMessages }) => failure(`${file} › ${fullName}`, failureMessages[0]))
}

export function readVitest(file: string): Report | null {
  const report = read<VitestReport>(file)
  if (!report) return null
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report
  return { count: { passed, failed, skipped }, failures: report.testResults.flatMap(failuresIn) }
}

/** A journey that passed only when run again is named too: it must be looked at. */
function failedJourneys({ file, suites = [], specs }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ status, results }) => {
        const again = status === 'flaky' ? ' (passed when run again)' : ''
        return failure(`${file} › ${title}${again}`, results.flatMap(({ errors }) => errors)[0]?.message)
      }),
  )
  return [...own, ...suites.flatMap(failedJourneys)]
}

export function readPlaywright(file: string): Report | null {
  const report = read<PlaywrightReport>(file)
  if (!report) return null
  const { expected, unexpected: failed, flaky, skipped } = report.stats
  return {
    count: { passed: expected + flaky, failed, skipped },
    failures: report.suites.flatMap(failedJourneys),
  }
}

const TEST_CASE = /<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g

/** pytest writes JUnit's XML. */
export function readPytest(file: string): Report | null {
  if (!existsSync(file)) return null
  const report: Report = { count: { passed: 0, failed: 0, skipped: 0 }, failures: [] }
  for (const [, attributes = '', inside = ''] of readFileSync(file, 'utf8').matchAll(TEST_CASE)) {
    const outcome = /<(failure|error)\b/.test(inside)
      ? 'failed'
      : /<skipped\b/.test(inside)
        ? 'skipped'
        : 'passed'
    report.count[outcome]++
    if (outcome !== 'failed') continue
    const [, name = ''] = /\bname="([^"]*)"/.exec(attributes) ?? []
    const [, message = ''] = /\bmessage="([^"]*)"/.exec(inside) ?? []
    report.failures.push(failure(`trainer › ${name}`, message))
  }
  return report
}
