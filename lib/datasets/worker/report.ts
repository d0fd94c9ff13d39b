import { memoize } from '#lib/core/memoize.ts'
import { unlessDiskFull } from '#lib/disk/full.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import type { DatasetReport, Figures } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { factsOf, isFresh, readColumns } from './facts.ts'
import { keepFacts, keepReport } from './facts-store.ts'
import { eachRowAt, type Row, rowOfLine, splitOf, transaction } from './store.ts'
import { systemPromptOf } from './system-prompt.ts'

export interface SurveyInput {
  datasetId: string
  revision: number
}

export interface Surveyed {
  figures: Figures
  report: DatasetReport
  /** Every line that a rule speaks of, ascending. */
  linesByRule: Partial<Record<RuleId, Uint32Array>>
}

/** A page asks for the rows of a rule that it has just been told of. */
const recent = memoize<Surveyed>(4)

/** Rows that were read now are kept in one short transaction. */
const BATCH = 500

const stateOf = ({ train, heldout }: Pick<Figures, 'train' | 'heldout'>): Figures['state'] => {
  if (train.examples + heldout.examples === 0) return 'empty'
  return train.errors + heldout.errors > 0 ? 'blocked' : 'ready'
}

/** Reads the lines that no rule has read yet, or that older rules have. */
function read(row: Row, number: number, reader: RowReader, fresh: Row[]): Row {
  if (isFresh(row)) return row
  const known = { ...row, ...readColumns(reader.line(row, number)) }
  fresh.push(known)
  return known
}

/** What the checks found is true also where the disk has no room to keep it; it is found again next time. */
function keepIfRoom(work: () => void): void {
  try {
    work()
  } catch (thrown) {
    unlessDiskFull(() => {})(thrown)
  }
}

/** What the survey of all rows says, kept with the dataset. */
function conclude(
  { datasetId, revision }: SurveyInput,
  survey: ReportBuilder,
  reader: RowReader,
  db: Context['db'],
): Surveyed {
  const { linesByRule, ...report } = survey.finish()
  const usual = rowOfLine(db, datasetId, revision, report.systems[0]?.line ?? 0)
  const usualSystem = usual ? systemPromptOf(reader.line(usual, 1).text) : null
  const { train, heldout, method } = report
  const figures: Figures = { train, heldout, method, state: stateOf(report) }
  const kept: DatasetReport = { ...report, usualSystem }
  keepIfRoom(() => keepReport(db, datasetId, revision, { report: kept, figures }))
  return { figures, report: kept, linesByRule }
}

async function examine(input: SurveyInput, { db, breathe }: Context): Promise<Surveyed> {
  const reader = new RowReader()
  const survey = new ReportBuilder()
  const fresh: Row[] = []
  let number = 0
  const keep = () => {
    const rows = fresh.splice(0)
    if (rows.length > 0) keepIfRoom(() => transaction(db, () => keepFacts(db, rows)))
  }
  try {
    for (const row of eachRowAt(db, input.datasetId, input.revision)) {
      const known = read(row, ++number, reader, fresh)
      const line = number
      survey.add(factsOf(known), splitOf(row), () => reader.line(row, line).text)
      if (fresh.length >= BATCH) keep()
      await breathe()
    }
    keep()
    return conclude(input, survey, reader, db)
  } finally {
    reader.close()
  }
}

const keyOf = ({ datasetId, revision }: SurveyInput): string => `${datasetId} ${revision}`

/** Ends the survey of a dataset whose rows were all added to it as they were written. */
export const surveyed = (input: SurveyInput, survey: ReportBuilder, { db }: Context): Promise<Surveyed> =>
  recent(keyOf(input), async () => {
    const reader = new RowReader()
    try {
      return conclude(input, survey, reader, db)
    } finally {
      reader.close()
    }
  })

/**
 * Task: everything the checks say of a dataset at a revision. Lines are read once in their life, so this compares
 * what is kept of them; at one revision it is done once.
 */
export const survey = (input: SurveyInput, context: Context): Promise<Surveyed> =>
  recent(keyOf(input), () => examine(input, context))

/** The lines that a rule speaks of; none when there is no such rule. */
export const linesOf = ({ linesByRule }: Surveyed, rule: string): Iterable<number> =>
  (Object.hasOwn(linesByRule, rule) && linesByRule[rule as RuleId]) || []

/** Task: the same, for whoever needs no lists of lines. */
export async function report(
  input: SurveyInput,
  context: Context,
): Promise<Pick<Surveyed, 'figures' | 'report'>> {
  const { figures, report } = await survey(input, context)
  return { figures, report }
}
