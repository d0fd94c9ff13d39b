import { closeSync, openSync, readSync } from 'node:fs'
import { checkLine } from '#lib/examples/check.ts'
import { readFacts } from '#lib/examples/facts.ts'
import { convert } from '#lib/examples/formats/convert.ts'
import type { ImportPlan } from '#lib/examples/formats/plan.ts'
import { sniff } from '#lib/examples/formats/sniff.ts'
import type { Issue } from '#lib/examples/issue.ts'
import { lineOf, type TextLine } from '#lib/examples/jsonl.ts'
import type { Example, Preference } from '#lib/examples/schema.ts'
import { Survey, type SurveyReport } from '#lib/examples/survey.ts'
import { cutFinding, type Reading, type Target } from '#lib/examples/verdict.ts'
import { countTokens } from '#lib/tokens/count.ts'
import { readRecords } from './records.ts'
import type { Refusal } from './schema.ts'
import { isPlain } from './worker/convert.ts'
import { fileLines } from './worker/file-lines.ts'

/** Bytes that tell how a file is to be read. */
const HEAD = 1024 * 1024
/** Records that are named; the rest is counted. */
const NAMED = 100

export interface FileReport {
  plan: ImportPlan
  report: Omit<SurveyReport, 'linesByRule'>
  /** Records that cannot become rows. */
  refused: Refusal[]
  refusedCount: number
}

export interface FileTarget {
  target: Target
  /** How far it reads an example. */
  read: (example: Example | Preference, limit: number) => Reading | Promise<Reading>
}

function headOf(file: string): Uint8Array {
  const fd = openSync(file, 'r')
  try {
    const head = new Uint8Array(HEAD)
    return head.subarray(0, readSync(fd, head, 0, HEAD, 0))
  } finally {
    closeSync(fd)
  }
}

/** A row of a file, and the physical line that it begins on. */
interface FileRow {
  line: TextLine
  at: number
}

/** The lines of a file that are rows as they stand, or the rows that its records become. */
async function* rowsOf(
  file: string,
  plan: ImportPlan,
  refuse: (refusal: Refusal) => void,
): AsyncGenerator<FileRow> {
  if (isPlain(plan)) {
    for (const { line } of fileLines(file)) yield { line, at: line.number }
    return
  }
  let number = 0
  for await (const record of readRecords(file, plan)) {
    const made = 'value' in record ? convert(record.value, plan.mapping, record.text) : record
    if ('line' in made && typeof made.line === 'string')
      yield { line: lineOf(made.line, ++number), at: record.line }
    else if ('problem' in made) refuse({ line: record.line, problem: made.problem, values: made.values })
  }
}

/** What is cut off a row by a destination that counts for itself. */
async function cutIn(line: TextLine, { target, read }: FileTarget): Promise<Omit<Issue, 'line' | 'row'>[]> {
  const { context } = target
  // A token has a byte at least: most rows need not be counted.
  if (context === null || line.bytes <= context) return []
  const { example, pair } = checkLine(line, { target, quality: false })
  const found = example ?? pair
  if (!found) return []
  const place = { column: 1, path: '' }
  return cutFinding(await read(found, context), context).map(({ rule, severity, values = {} }) => ({
    rule,
    severity,
    values,
    ...place,
  }))
}

/**
 * Checks a file of any shape that an import reads, with the rules of the editor and for a destination, a record at a
 * time.
 * @throws what the file system says
 */
export async function checkFile(file: string, destination: FileTarget | null): Promise<FileReport> {
  const { plan } = sniff(headOf(file), file)
  const refused: Refusal[] = []
  let refusedCount = 0
  const refuse = (refusal: Refusal) => {
    if (++refusedCount <= NAMED) refused.push(refusal)
  }
  /** Of a file whose lines are no rows: where each row comes from. */
  const places: number[] = []
  const plain = isPlain(plan)
  const target = destination?.target
  const survey = new Survey(target ? { minimumRows: target.minimumRows } : {})
  for await (const { line, at } of rowsOf(file, plan, refuse)) {
    if (!plain) places.push(at)
    const facts = readFacts(line, countTokens, target ? { target } : {})
    const cut = destination ? await cutIn(line, destination) : []
    survey.add(
      cut.length > 0 ? { ...facts, issues: [...facts.issues, ...cut] } : facts,
      'train',
      () => line.text,
    )
  }
  const { linesByRule: _, issues, ...report } = survey.finish()
  const at = (issue: Issue): Issue => ({ ...issue, line: places[issue.line - 1] ?? issue.line })
  return { plan, report: { ...report, issues: issues.map(at) }, refused, refusedCount }
}
