import { memoize } from '#lib/core/memoize.ts'
import { unlessDiskFull } from '#lib/disk/full.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import { tagsOf } from '../marks.ts'
import type { DatasetReport, Figures } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { factsOf, isFresh, readColumns } from './facts.ts'
import { keepFacts, keepReport } from './facts-store.ts'
import { eachRowAt, isSent, type Row, rowOfLine, splitOf, transaction } from './store.ts'
import { systemPromptOf } from './system-prompt.ts'

export interface ReportInput {
  datasetId: string
  revision: number
}

export interface FullReport {
  figures: Figures
  report: DatasetReport
  /** Line numbers with an issue, per rule, ascending. */
  linesByRule: Partial<Record<RuleId, Uint32Array>>
}

/** A page requests the rows of a rule right after the report. */
const recent = memoize<FullReport>(4)

/** Newly checked rows per short transaction. */
const BATCH = 500

const stateOf = ({ train, heldout }: Pick<Figures, 'train' | 'heldout'>): Figures['state'] => {
  if (train.examples + heldout.examples === 0) return 'empty'
  return train.errors + heldout.errors > 0 ? 'blocked' : 'ready'
}

/** Checks a line that is unchecked, or was checked by older rules. */
function read(row: Row, number: number, reader: RowReader, fresh: Row[]): Row {
  if (isFresh(row)) return row
  const known = { ...row, ...readColumns(reader.line(row, number)) }
  fresh.push(known)
  return known
}

/** Ignores a full disk: the result is valid without being stored, and is computed again next time. */
function keepIfRoom(work: () => void): void {
  try {
    work()
  } catch (thrown) {
    unlessDiskFull(() => {})(thrown)
  }
}

/** What people have noted beside the rows. */
interface Marks {
  rejected: number
  /** Rows by tag. */
  tags: Map<string, number>
}

const noMarks = (): Marks => ({ rejected: 0, tags: new Map() })

function countMarks(row: Row, marks: Marks): void {
  if (!isSent(row)) marks.rejected++
  for (const tag of tagsOf(row)) marks.tags.set(tag, (marks.tags.get(tag) ?? 0) + 1)
}

/** Tags that a filter offers. */
const MOST_TAGS = 100

const mostUsedTags = ({ tags }: Marks): DatasetReport['tags'] =>
  [...tags]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
    .slice(0, MOST_TAGS)

/** The report on all rows, stored with the dataset. */
function conclude(
  { datasetId, revision }: ReportInput,
  builder: ReportBuilder,
  marks: Marks,
  reader: RowReader,
  db: Context['db'],
): FullReport {
  const { linesByRule, ...report } = builder.finish()
  const usual = rowOfLine(db, datasetId, revision, report.systems[0]?.line ?? 0)
  const usualSystem = usual ? systemPromptOf(reader.line(usual, 1).text) : null
  const { train, heldout, method } = report
  const figures: Figures = { train, heldout, rejected: marks.rejected, method, state: stateOf(report) }
  const kept: DatasetReport = { ...report, usualSystem, tags: mostUsedTags(marks) }
  keepIfRoom(() => keepReport(db, datasetId, revision, { report: kept, figures }))
  return { figures, report: kept, linesByRule }
}

async function examine(input: ReportInput, { db, yieldToEventLoop }: Context): Promise<FullReport> {
  const reader = new RowReader()
  const builder = new ReportBuilder()
  const marks = noMarks()
  const fresh: Row[] = []
  let number = 0
  const keep = () => {
    const rows = fresh.splice(0)
    if (rows.length > 0) keepIfRoom(() => transaction(db, () => keepFacts(db, rows)))
  }
  try {
    for (const row of eachRowAt(db, input.datasetId, input.revision)) {
      const line = ++number
      countMarks(row, marks)
      if (isSent(row)) {
        const known = read(row, line, reader, fresh)
        builder.add(factsOf(known), splitOf(row), () => reader.line(row, line).text)
      } else builder.skip()
      if (fresh.length >= BATCH) keep()
      await yieldToEventLoop()
    }
    keep()
    return conclude(input, builder, marks, reader, db)
  } finally {
    reader.close()
  }
}

const keyOf = ({ datasetId, revision }: ReportInput): string => `${datasetId} ${revision}`

/** Finishes the report on a dataset whose rows were all added to `builder` during the import. */
export const finishReport = (
  input: ReportInput,
  builder: ReportBuilder,
  { db }: Context,
): Promise<FullReport> =>
  recent(keyOf(input), async () => {
    const reader = new RowReader()
    try {
      return conclude(input, builder, noMarks(), reader, db)
    } finally {
      reader.close()
    }
  })

/**
 * The report of the checks on a dataset at a revision. Each line is checked once, so this only combines stored facts; the
 * result is cached per revision.
 */
export const fullReport = (input: ReportInput, context: Context): Promise<FullReport> =>
  recent(keyOf(input), () => examine(input, context))

/** Line numbers with an issue of a rule; none for an unknown rule. */
export const linesOf = ({ linesByRule }: FullReport, rule: string): Iterable<number> =>
  (Object.hasOwn(linesByRule, rule) && linesByRule[rule as RuleId]) || []

/** Task: the report without the line numbers. */
export async function report(
  input: ReportInput,
  context: Context,
): Promise<Pick<FullReport, 'figures' | 'report'>> {
  const { figures, report } = await fullReport(input, context)
  return { figures, report }
}
