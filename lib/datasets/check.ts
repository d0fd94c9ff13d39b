import { setImmediate as breathe } from 'node:timers/promises'
import type { Issue } from '#lib/examples/issue.ts'
import { type CheckedLine, FileCheck, type Report } from '#lib/examples/validate.ts'
import { countExample } from '#lib/tokens/count.ts'
import { lineOfRow, rowBytes } from './bytes.ts'
import { DatasetSummary, type Split, type SplitSummary } from './schema.ts'
import {
  type CountedRow,
  type DatasetRecord,
  keepSummary,
  keepTokens,
  type RowRecord,
  rowsOf,
} from './store.ts'

/** Longest stretch of checking without a turn of the event loop, in ms. */
const STRETCH = 20

/** What the checks and the counter found in a dataset as of one revision. */
export interface Examination {
  revision: number
  summary: DatasetSummary
  issues: Issue[]
  byRule: Report['byRule']
}

/** Tokens of a row, counted once and then read from its record. */
function tokensOf(
  row: RowRecord,
  { example }: CheckedLine,
  fresh: CountedRow[],
): { tokens: number; trained: number } {
  if (row.tokens !== null) return { tokens: Number(row.tokens), trained: Number(row.trained_tokens) }
  const { total, trained } = example ? countExample(example) : { total: 0, trained: 0 }
  const counted = { id: row.id, revision: row.revision, tokens: total, trained }
  fresh.push(counted)
  return counted
}

interface Reading {
  check: FileCheck
  tokens: number
  trained: number
}

const reading = (minimumRows: number): Reading => ({
  check: new FileCheck({ minimumRows }),
  tokens: 0,
  trained: 0,
})

async function readRows(rows: readonly RowRecord[]): Promise<Record<Split, Reading>> {
  const splits: Record<Split, Reading> = { train: reading(10), heldout: reading(0) }
  const fresh: CountedRow[] = []
  let number = 0
  let since = performance.now()
  for await (const { row, bytes } of rowBytes(rows)) {
    const split = splits[row.split as Split]
    const checked = split.check.add(lineOfRow(row, bytes, ++number))
    const { tokens, trained } = tokensOf(row, checked, fresh)
    split.tokens += tokens
    split.trained += trained
    if (performance.now() - since > STRETCH) {
      await breathe()
      since = performance.now()
    }
  }
  await keepTokens(fresh)
  return splits
}

const splitSummary = ({ tokens, trained }: Reading, { rows, errors, warnings }: Report): SplitSummary => ({
  examples: rows,
  tokens,
  trainedTokens: trained,
  errors,
  warnings,
})

function summarize(dataset: DatasetRecord, train: SplitSummary, heldout: SplitSummary): DatasetSummary {
  const { id, name, sample, revision, created_at, updated_at } = dataset
  const empty = train.examples + heldout.examples === 0
  const blocked = train.errors + heldout.errors > 0
  return {
    id,
    name,
    sample,
    revision,
    createdAt: Number(created_at),
    updatedAt: Number(updated_at),
    train,
    heldout,
    state: empty ? 'empty' : blocked ? 'blocked' : 'ready',
  }
}

/** Two counts of one file become one of the dataset. */
function addUp(a: Report['byRule'], b: Report['byRule']): Report['byRule'] {
  const sum = { ...a }
  for (const [rule, count] of Object.entries(b)) {
    const known = rule as keyof typeof sum
    sum[known] = (sum[known] ?? 0) + count
  }
  return sum
}

async function examineNow(dataset: DatasetRecord): Promise<Examination> {
  const { train, heldout } = await readRows(await rowsOf(dataset.id))
  const [trainReport, heldoutReport] = [train.check.finish(), heldout.check.finish()]
  const summary = summarize(dataset, splitSummary(train, trainReport), splitSummary(heldout, heldoutReport))
  await keepSummary(dataset.id, dataset.revision, summary)
  const issues = [...trainReport.issues, ...heldoutReport.issues]
  return {
    revision: dataset.revision,
    summary,
    issues: issues.sort((a, b) => a.line - b.line || a.column - b.column),
    byRule: addUp(trainReport.byRule, heldoutReport.byRule),
  }
}

/** The last few examinations: a page asks again for what it has just been told. */
const recent = new Map<string, Promise<Examination>>()
const RECENT = 8

/** Checks every line of a dataset and counts its tokens; at one revision only once. */
export function examine(dataset: DatasetRecord): Promise<Examination> {
  const key = `${dataset.id} ${dataset.revision}`
  const known = recent.get(key)
  if (known) return known
  const examination = examineNow(dataset)
  recent.set(key, examination)
  examination.catch(() => recent.delete(key))
  for (const old of recent.keys()) {
    if (recent.size <= RECENT) break
    recent.delete(old)
  }
  return examination
}

/** Counts and verdict, from the record while they are fresh. */
export async function summaryOf(dataset: DatasetRecord): Promise<DatasetSummary> {
  if (dataset.summary_revision === dataset.revision && dataset.summary_json) {
    return DatasetSummary.parse(JSON.parse(dataset.summary_json))
  }
  return (await examine(dataset)).summary
}
