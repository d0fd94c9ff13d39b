import { datasetName } from '#lib/datasets/store.ts'
import { maybeVersion } from '#lib/datasets/versions-store.ts'
import type { Messages } from '#lib/playground/messages.ts'
import { textOf } from '#lib/training-data/schema.ts'
import { paidBy } from './answer-store.ts'
import { type CellWithAnswer, cellsAt } from './cell-store.ts'
import { differenceOf, rivalOf } from './compare.ts'
import { type FixRecord, fixesIn } from './fix-store.ts'
import type { PinnedColumn } from './plan.ts'
import { type EvalRowRecord, excludedRows, rowsAtPlaces } from './row-store.ts'
import {
  type Cell,
  type CellState,
  type ColumnScore,
  type EvalDraft,
  type EvalList,
  type EvalPage,
  EvalQuery,
  type EvalRow,
  type EvalState,
  type EvalSummary,
  type ExcludedRow,
  type Exclusion,
  type Pause,
  StoredDraft,
} from './schema.ts'
import { type ColumnCount, columnCounts, columnFigures, graderSums } from './scores-store.ts'
import { allPassed, columnScore, gradesIn, isGradual } from './scoring.ts'
import { placesShown } from './shown-rows-store.ts'
import { changeOf, verdictOf } from './sort-rows.ts'
import { type EvalRecord, evalsOf, findEval } from './store.ts'

/** The draft as it was sent; `columnsIn` has what was found out about its columns. */
export const draftIn = ({ request_json }: EvalRecord): EvalDraft =>
  StoredDraft.parse(JSON.parse(request_json))
export const columnsIn = ({ columns_json }: EvalRecord): PinnedColumn[] => JSON.parse(columns_json)
export const pausesIn = ({ pauses_json }: EvalRecord): Pause[] => JSON.parse(pauses_json)

const cellsIn = ({ answered, interrupted, failed, lost, skipped, open }: ColumnCount): number =>
  answered + interrupted + failed + lost + skipped + open

/** Progress of an evaluation; every column has a cell for each of its rows. */
function progressOf(counts: readonly ColumnCount[]): Pick<EvalPage, 'rowCount' | 'cells' | 'done'> {
  const cells = counts.reduce((sum, count) => sum + cellsIn(count), 0)
  const open = counts.reduce((sum, count) => sum + count.open, 0)
  return { rowCount: Math.max(0, ...counts.map(cellsIn)), cells, done: cells - open }
}

async function versionOf({ version_id }: EvalRecord): Promise<EvalPage['version']> {
  const version = await maybeVersion(version_id)
  return version ? { id: version.id, number: version.number, name: version.name } : null
}

function columnsOf(record: EvalRecord, counts: readonly ColumnCount[]): EvalSummary['columns'] {
  const isScored = draftIn(record).graders.length > 0
  return columnsIn(record).map(({ label, model }, index) => {
    const { passed = 0, judged = 0 } = counts.find(({ column }) => column === index) ?? {}
    const n = isScored ? judged : 0
    return { label, model, share: n === 0 ? null : passed / n, n }
  })
}

async function summaryOf(record: EvalRecord): Promise<EvalSummary> {
  const counts = await columnCounts(record.id)
  const { rowCount: rows, cells, done } = progressOf(counts)
  return {
    id: record.id,
    datasetId: record.dataset_id,
    datasetName: (await datasetName(record.dataset_id)) ?? '',
    version: await versionOf(record),
    split: record.split as EvalSummary['split'],
    jobId: record.job_id,
    sweep: record.sweep === 1,
    state: record.state as EvalState,
    rows,
    columns: columnsOf(record, counts),
    done,
    cells,
    createdAt: Number(record.created_at),
    finishedAt: record.finished_at === null ? null : Number(record.finished_at),
  }
}

/** Evaluations of a dataset or a job, or all; newest first, at most 200. */
export async function listEvals(query: EvalList): Promise<EvalSummary[]> {
  return Promise.all((await evalsOf(query)).map(summaryOf))
}

const asExcluded = ({ key, place, question, excluded }: EvalRowRecord): ExcludedRow => ({
  key,
  question,
  number: place + 1,
  reason: excluded as Exclusion,
})

const figure = (value: number | null | undefined): number | null => (value == null ? null : Number(value))

function asCell(cell: CellWithAnswer): Cell {
  const grades = cell.state === 'answered' ? gradesIn(cell) : null
  return {
    column: cell.column_index,
    state: cell.state as CellState,
    text: cell.state === 'asked' ? null : cell.text,
    grades,
    // Nothing scores a recording.
    passed: grades && grades.length > 0 ? allPassed(grades) : null,
    finishReason: cell.finish_reason,
    promptTokens: cell.prompt_tokens,
    cachedTokens: cell.cached_tokens,
    completionTokens: cell.completion_tokens,
    firstTokenMs: cell.first_token_ms,
    totalMs: cell.total_ms,
    reportedModel: cell.reported_model,
    requestId: cell.request_id,
    cost: figure(cell.cost),
    answeredAt: figure(cell.ended_at),
    error: cell.error_json === null ? null : JSON.parse(cell.error_json),
    fromCache: cell.from_cache === 1,
  }
}

const asMessages = (row: EvalRowRecord): EvalRow['messages'] =>
  (JSON.parse(row.messages_json) as Messages).map(({ role, content }) => ({
    role,
    text: typeof content === 'string' ? content : textOf(content as Parameters<typeof textOf>[0]),
  }))

const asFix = (fix: FixRecord | undefined): EvalRow['fix'] =>
  fix ? { answer: fix.answer, reason: fix.reason, at: Number(fix.created_at) } : null

/** Rows at these places, in this order, with their cells. */
export async function rowViews(evalId: string, places: readonly number[]): Promise<EvalRow[]> {
  const [records, cells, fixes] = await Promise.all([
    rowsAtPlaces(evalId, places),
    cellsAt(evalId, places),
    fixesIn(evalId),
  ])
  const recordAt = new Map(records.map((record) => [record.place, record]))
  const cellsOf = Map.groupBy(cells, ({ place }) => place)
  const fixOf = new Map(fixes.map((fix) => [fix.row_key, fix]))
  return places.flatMap((place) => {
    const record = recordAt.get(place)
    if (!record) return []
    const own = (cellsOf.get(place) ?? []).map(asCell)
    const change = own.length > 1 ? changeOf(own[0]?.grades, own.at(-1)?.grades) : null
    return {
      key: record.key,
      number: place + 1,
      expected: record.expected,
      verdict: verdictOf(change),
      change,
      messages: asMessages(record),
      cells: own,
      fix: asFix(fixOf.get(record.key)),
    }
  })
}

/** Every column of an evaluation with its scores and figures. */
async function columnScores(record: EvalRecord, counts: readonly ColumnCount[]): Promise<ColumnScore[]> {
  const { graders } = draftIn(record)
  const [figures, sums] = await Promise.all([
    columnFigures(record.id),
    graderSums(record.id, graders.map(isGradual)),
  ])
  return columnsIn(record).map((column, index) =>
    columnScore(column, index, graders, {
      counts: counts.find((one) => one.column === index),
      figures: figures.find((one) => one.column === index),
      graders: sums.filter((one) => one.column === index),
    }),
  )
}

async function lastBesideRival(
  { id }: EvalRecord,
  graders: EvalDraft['graders'],
  columns: readonly ColumnScore[],
): Promise<EvalPage['difference']> {
  const [last, rival] = [columns.at(-1), rivalOf(columns)]
  return last && rival && graders.length > 0 ? differenceOf(id, graders, last.index, rival.index) : null
}

/**
 * An evaluation, its scores, and a page of its rows.
 * @throws AppError not_found
 */
export async function getEval(evalId: string, query: EvalQuery = {}): Promise<EvalPage> {
  const began = performance.now()
  const { offset, limit, sort, filter } = EvalQuery.parse(query)
  const record = await findEval(evalId)
  const { graders, sampling, exact } = draftIn(record)
  const counts = await columnCounts(evalId)
  const columns = await columnScores(record, counts)
  const [shown, excluded, difference] = await Promise.all([
    placesShown({ evalId, last: columns.length - 1, sort, filter, offset, limit }),
    excludedRows(evalId),
    lastBesideRival(record, graders, columns),
  ])
  return {
    id: record.id,
    datasetId: record.dataset_id,
    datasetName: (await datasetName(record.dataset_id)) ?? '',
    version: await versionOf(record),
    revision: record.revision,
    split: record.split as EvalPage['split'],
    jobId: record.job_id,
    sweep: record.sweep === 1,
    state: record.state as EvalState,
    error: record.error_json === null ? null : JSON.parse(record.error_json),
    pauses: pausesIn(record),
    graders,
    sampling,
    exact,
    columns,
    difference,
    excluded: excluded.map(asExcluded),
    ...progressOf(counts),
    paid: await paidBy(evalId),
    createdAt: Number(record.created_at),
    finishedAt: figure(record.finished_at),
    total: shown.total,
    offset,
    rows: await rowViews(evalId, shown.places),
    tookMs: performance.now() - began,
  }
}
