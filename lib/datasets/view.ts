import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import type { ExampleTokens } from '#lib/tokens/chat.ts'
import { RULES_VERSION } from '#lib/training-data/facts.ts'
import type { Severity } from '#lib/training-data/issue.ts'
import { rowLines } from './bytes.ts'
import { lineOfRow, lineOfSplit } from './line-numbers-store.ts'
import { type RowRecord, rowsWith, windowOf } from './revision-rows-store.ts'
import {
  type DatasetReport,
  type DatasetRow,
  type DatasetSummary,
  type DatasetView,
  Figures,
  type LineKind,
  PAGE_ROWS,
  type Place,
  type RowFilter,
  type RowsPage,
  type RowsQuery,
  type Split,
  type SplitSummary,
} from './schema.ts'
import { allDatasets, type DatasetRecord, findDataset, undoableStep } from './store.ts'
import { newestVersions, type VersionRecord } from './versions-store.ts'
import { warmWorker, work } from './worker/client.ts'

/** What these very rules have said; the rules before them may have said otherwise. */
const Current = z.object({ rules: z.literal(RULES_VERSION) }).and(Figures)

/** What is kept of the last check, as long as neither rows nor rules have changed since. */
function keptFigures({ revision, summary_revision, summary_json }: DatasetRecord): Figures | null {
  if (revision !== summary_revision || summary_json === null) return null
  const { data } = Current.safeParse(JSON.parse(summary_json))
  return data ? Figures.parse(data) : null
}

/** Rows and verdict, from the record while they are fresh. */
async function figuresOf(dataset: DatasetRecord): Promise<Figures> {
  const kept = keptFigures(dataset)
  if (kept) return kept
  return (await work('report', { datasetId: dataset.id, revision: dataset.revision })).figures
}

const NONE: SplitSummary = { examples: 0, tokens: 0, trainedTokens: 0, errors: 0, warnings: 0 }
const UNREADABLE: Figures = { train: NONE, heldout: NONE, state: 'damaged', method: null }

/** One dataset whose file is damaged must not take the list of all with it. */
function unlessDamaged(thrown: unknown): Figures {
  if (thrown instanceof AppError && thrown.code === 'damaged') return UNREADABLE
  throw thrown
}

async function reportOf(dataset: DatasetRecord): Promise<DatasetReport> {
  if (keptFigures(dataset) && dataset.report_json) return JSON.parse(dataset.report_json) as DatasetReport
  return (await work('report', { datasetId: dataset.id, revision: dataset.revision })).report
}

async function summaryOf(
  dataset: DatasetRecord,
  versions: Map<string, VersionRecord>,
): Promise<DatasetSummary> {
  const { id, name, sample, revision, importing, split_locked } = dataset
  const version = versions.get(id)
  return {
    id,
    name,
    sample,
    revision,
    createdAt: Number(dataset.created_at),
    updatedAt: Number(dataset.updated_at),
    ...(await figuresOf(dataset).catch(unlessDamaged)),
    version: version ? { number: version.number, name: version.name } : null,
    dirty: version?.revision !== revision,
    splitLocked: split_locked !== null,
    undo: await undoableStep(id),
    busy: importing !== null,
  }
}

/** Every dataset, the one changed last first. */
export async function listDatasets(): Promise<DatasetSummary[]> {
  const versions = await newestVersions()
  const summaries: DatasetSummary[] = []
  for (const dataset of await allDatasets()) summaries.push(await summaryOf(dataset, versions))
  return summaries
}

/**
 * Name, rows, tokens and verdict of a dataset.
 * @throws AppError not_found
 */
export const getDatasetSummary = async (datasetId: string): Promise<DatasetSummary> =>
  summaryOf(await findDataset(datasetId), await newestVersions())

/**
 * A dataset with all its problems.
 * @throws AppError not_found
 */
export async function getDataset(datasetId: string): Promise<DatasetView> {
  const dataset = await findDataset(datasetId)
  // Warms the worker: the next action needs it.
  warmWorker()
  const report = await reportOf(dataset)
  return { dataset: await summaryOf(dataset, await newestVersions()), report }
}

function flagOf({ issues_json }: RowRecord): Severity | null {
  if (issues_json === null) return null
  const issues = JSON.parse(issues_json) as { severity: Severity }[]
  return issues.some(({ severity }) => severity === 'error') ? 'error' : 'warning'
}

/** Text of one window, in characters, until which there is room for one more row. */
const WINDOW_TEXT = 32 * 1024 * 1024

/**
 * Rows that are too long for one answer are left for the next window.
 * @param numbers the line of each row in the whole dataset
 */
async function readRows(records: readonly RowRecord[], numbers: readonly number[]): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = []
  let length = 0
  for await (const { row, line } of rowLines(records, numbers)) {
    rows.push({
      id: row.key,
      number: line.number,
      split: row.split as Split,
      revision: row.since,
      kind: (row.kind ?? 'broken') as LineKind,
      text: line.text,
      tokens: Number(row.tokens ?? 0),
      trainedTokens: Number(row.trained_tokens ?? 0),
      flag: flagOf(row),
    })
    length += line.text?.length ?? 0
    if (length >= WINDOW_TEXT) break
  }
  return rows
}

const isFiltered = (filter: RowFilter): boolean => Object.values(filter).some((value) => value !== undefined)

async function everyRow(dataset: DatasetRecord, offset: number, limit: number): Promise<RowsPage> {
  const records = await windowOf(dataset, offset, limit)
  const rows = await readRows(
    records,
    records.map((_, index) => offset + index + 1),
  )
  return { rows, total: dataset.lines, offset, revision: dataset.revision }
}

/**
 * A window of the rows of a dataset, of all or of those that a filter lets through.
 * @throws AppError not_found
 */
export async function getRows(
  datasetId: string,
  { offset, limit, ...filter }: RowsQuery = { offset: 0, limit: PAGE_ROWS },
): Promise<RowsPage> {
  const dataset = await findDataset(datasetId)
  if (!isFiltered(filter)) return everyRow(dataset, offset, limit)
  const { revision } = dataset
  const found = await work('find', { datasetId, revision, filter, offset, limit })
  const rows = await readRows(await rowsWith(found.seqs), found.numbers)
  return { rows, total: found.total, offset, revision }
}

/**
 * The line of the dataset at a place; the first one when there is no such place.
 * @throws AppError not_found
 */
export async function numberOf(datasetId: string, { row, split, line }: Place): Promise<number> {
  const dataset = await findDataset(datasetId)
  if (typeof row === 'string') return Math.max(1, await lineOfRow(dataset, row))
  if (line === undefined) return row ?? 1
  return Math.max(1, await lineOfSplit(dataset, split, line))
}

/** Tokens of a line while it is being written; null while it is no conversation. */
export const countLine = (line: string): Promise<ExampleTokens | null> => work('count', { line })
