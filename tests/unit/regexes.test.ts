import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import type { RegexReport } from '../support/regex-worker.ts'
import { allRegexes, type FoundRegex, regexesIn } from '../support/regexes.ts'

/** ms for all texts of one expression. One in linear time takes a second at most; one that backtracks takes minutes or years. */
const LONGEST = 30_000

interface Timing {
  regex: string
  ms: number
  text: string
}

const nameOf = ({ at, source, flags }: FoundRegex): string => `${at} /${source}/${flags}`

/** Runs the expressions from one on. @returns the index of the one that did not end in time; null at the end */
function runFrom(
  regexes: FoundRegex[],
  from: number,
  timings: Timing[],
  longest: number,
): Promise<number | null> {
  const worker = new Worker(new URL('../support/regex-worker.ts', import.meta.url), {
    workerData: { regexes, from },
  })
  return new Promise((resolve, reject) => {
    let limit: NodeJS.Timeout | undefined
    worker.on('message', (report: RegexReport) => {
      clearTimeout(limit)
      const regex = nameOf(regexes[report.index] as FoundRegex)
      if (report.kind === 'done') timings.push({ regex, ms: report.slowest, text: report.text })
      else
        limit = setTimeout(() => {
          void worker.terminate()
          resolve(report.index)
        }, longest)
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      clearTimeout(limit)
      resolve(null)
    })
  })
}

/** @returns the names of expressions that did not end in time, and how long the others took */
async function timeAll(
  regexes: FoundRegex[],
  longest = LONGEST,
): Promise<{ stuck: string[]; timings: Timing[] }> {
  const stuck: string[] = []
  const timings: Timing[] = []
  for (let from = 0; from < regexes.length; ) {
    const at = await runFrom(regexes, from, timings, longest)
    if (at === null) break
    stuck.push(nameOf(regexes[at] as FoundRegex))
    from = at + 1
  }
  return { stuck, timings: timings.toSorted((a, b) => b.ms - a.ms) }
}

describe('the regular expressions of the product', () => {
  const found = allRegexes()

  test('each takes time in proportion to the text', async () => {
    const { literals } = found
    expect(literals.length).toBeGreaterThan(150)
    const { stuck, timings } = await timeAll(literals)
    console.table(timings.slice(0, 10))
    expect(stuck).toEqual([])
    expect(timings).toHaveLength(literals.length)
  }, 600_000)

  test('none is put together at run time, where nobody could read it', () => {
    expect(found.built).toEqual([])
  })

  test('one that backtracks is found in a source, and named', async () => {
    const planted = String.raw`const verse = (text: string) => text.split(/\s+[-–—]\s+/)`
    const { literals } = regexesIn('lib/planted.ts', `\n${planted}\nnew RegExp('(a|a)*b', 'g')`)
    expect(literals.map(nameOf)).toEqual([
      String.raw`lib/planted.ts:2 /\s+[-–—]\s+/`,
      'lib/planted.ts:3 /(a|a)*b/g',
    ])
    const [first] = literals
    expect((await timeAll(first ? [first] : [], 1_000)).stuck).toEqual([
      String.raw`lib/planted.ts:2 /\s+[-–—]\s+/`,
    ])
  }, 60_000)
})
