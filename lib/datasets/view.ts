import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { memoize } from '#lib/core/memoize.ts'
import type { ExampleTokens } from '#lib/tokens/chat.ts'
import { RULES_VERSION } from '#lib/training-data/facts.ts'
import type { Severity } from '#lib/training-data/issue.ts'
import type { LineKind } from '#lib/training-data/schema.ts'
import { rowLines } from './bytes.ts'
import { PAGE_ROWS } from './constants.ts'
import { lineOfRow, lineOfSplit } from './line-numbers-store.ts'
import { reviewOf, tagsOf } from './marks.ts'
import { type RowRecord, rowKeys, rowsWith, windowOf } from './revision-rows-store.ts'
import {
  type DatasetReport,
  type DatasetRow,
  type DatasetSummary,
  type DatasetView,
  Figures,
  type KeysQuery,
  type Place,
  type RowFilter,
  type RowKeys,
  type RowsPage,
  type RowsQuery,
  type Split,
  type SplitSummary,
} from './schema.ts'
import { allDatasets, type DatasetRecord, findDataset, redoableStep, undoableStep } from './store.ts'
import { findVersion, newestVersions, type VersionRecord } from './versions-store.ts'
import { warmWorker, work } from './worker/client.ts'

/** Figures of the current rules; older rules may have found something else. */
const Current = z.object({ rules: z.literal(RULES_VERSION) }).and(Figures)

/** The stored figures of the last check, unless rows or rules have changed since. */
function keptFigures({ revision, summary_revision, summary_json }: DatasetRecord): Figures | null {
  if (revision !== summary_revision || summary_json === null) return null
  const { data } = Current.safeParse(JSON.parse(summary_json))
  return data ? Figures.parse(data) : null
}

/** Figures, from the record while they are fresh. */
async function figuresOf(dataset: DatasetRecord): Promise<Figures> {
  const kept = keptFigures(dataset)
  if (kept) return kept
  return (await work('report', { datasetId: dataset.id, revision: dataset.revision })).figures
}

const NONE: SplitSummary = { examples: 0, tokens: 0, trainedTokens: 0, errors: 0, warnings: 0 }
const UNREADABLE: Figures = { train: NONE, heldout: NONE, rejected: 0, state: 'damaged', method: null }

/** A dataset with a damaged file must not break the list of all. */
function unlessDamaged(thrown: unknown): Figures {
  if (thrown instanceof AppError && thrown.code === 'damaged') return UNREADABLE
  throw thrown
}

async function reportOf(dataset: DatasetRecord): Promise<DatasetReport> {
  // Reports of earlier releases have no tags, and neither had the rows.
  if (keptFigures(dataset) && dataset.report_json) return { tags: [], ...JSON.parse(dataset.report_json) }
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
    redo: await redoableStep(id),
    archivedAt: dataset.archived_at === null ? null : Number(dataset.archived_at),
    busy: importing !== null,
  }
}

/** All datasets, the latest change first. */
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

/** The rows of a version never change. */
const figuresOfVersion = memoize<Figures>(100)

/**
 * The same with the rows of a version, as if they were the current ones.
 * @param versionId null: the current rows
 * @throws AppError not_found
 */
export async function getVersionSummary(
  datasetId: string,
  versionId: string | null,
): Promise<DatasetSummary> {
  const summary = await getDatasetSummary(datasetId)
  if (versionId === null) return summary
  const { revision, number, name } = await findVersion(datasetId, versionId)
  if (revision === summary.revision) return summary
  const figures = await figuresOfVersion(
    versionId,
    async () => (await work('report', { datasetId, revision })).figures,
  )
  return { ...summary, ...figures, revision, version: { number, name }, dirty: false }
}

/**
 * A dataset with its report.
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

/** Characters of one window after which no further row is added. */
const WINDOW_TEXT = 32 * 1024 * 1024

/**
 * Rows that would make the answer too long are left for the next window.
 * @param numbers line numbers in the whole dataset
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
      review: reviewOf(row),
      tags: tagsOf(row),
      note: row.note,
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
 * A window of all or filtered rows of a dataset.
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
 * Stable ids of all or filtered rows of a dataset, in line order.
 * @throws AppError not_found
 */
export async function getRowKeys(
  datasetId: string,
  { offset, limit, ...filter }: KeysQuery,
): Promise<RowKeys> {
  const dataset = await findDataset(datasetId)
  if (!isFiltered(filter)) return rowKeys(dataset, offset, limit)
  const { revision } = dataset
  const { seqs } = await work('find', { datasetId, revision, filter, offset, limit })
  return (await rowsWith(seqs)).map(({ key }) => key)
}

/**
 * The line number of a place in the dataset; 1 if the place does not exist.
 * @throws AppError not_found
 */
export async function numberOf(datasetId: string, { row, split, line }: Place): Promise<number> {
  const dataset = await findDataset(datasetId)
  if (typeof row === 'string') return Math.max(1, await lineOfRow(dataset, row))
  if (line === undefined) return row ?? 1
  return Math.max(1, await lineOfSplit(dataset, split, line))
}

/** Tokens of a line being edited; null while it is not a conversation. */
export const countLine = (line: string): Promise<ExampleTokens | null> => work('count', { line })
