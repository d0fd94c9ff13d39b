import type { WireError } from '#lib/errors.ts'
import { textOf } from '#lib/examples/schema.ts'
import type { Messages } from '#lib/playground/messages.ts'
import { inOrder, type Judged, judgedRows } from './order.ts'
import type { PinnedColumn } from './plan.ts'
import {
  type Cell,
  type CellState,
  EvalDraft,
  type EvalList,
  type EvalPage,
  EvalQuery,
  type EvalRow,
  type EvalState,
  type EvalSummary,
  type ExcludedRow,
  type Exclusion,
  type Pause,
} from './schema.ts'
import { allPassed, columnScore, gradesIn } from './scoring.ts'
import {
  type AnswerRecord,
  answersWith,
  type CellFigures,
  cellFigures,
  datasetNamed,
  type EvalRecord,
  type EvalRowRecord,
  evalsOf,
  type FixRecord,
  findEval,
  fixesIn,
  paidBy,
  rowsIn,
  versionWith,
} from './store.ts'

/** What was asked for, and what was found out about its columns. */
export const draftIn = ({ request_json }: EvalRecord): EvalDraft => EvalDraft.parse(JSON.parse(request_json))
export const columnsIn = ({ columns_json }: EvalRecord): PinnedColumn[] => JSON.parse(columns_json)
export const pausesIn = ({ pauses_json }: EvalRecord): Pause[] => JSON.parse(pauses_json)

const isOpen = ({ state }: CellFigures): boolean => state === 'waiting' || state === 'asked'

async function versionOf({ version_id }: EvalRecord): Promise<EvalPage['version']> {
  const version = await versionWith(version_id)
  return version ? { id: version.id, number: version.number, name: version.name } : null
}

async function summaryOf(record: EvalRecord): Promise<EvalSummary> {
  const { graders } = draftIn(record)
  const cells = await cellFigures(record.id)
  const columns = columnsIn(record).map((column, index) => columnScore(column, index, graders, cells))
  return {
    id: record.id,
    datasetId: record.dataset_id,
    datasetName: await datasetNamed(record.dataset_id),
    version: await versionOf(record),
    split: record.split as EvalSummary['split'],
    jobId: record.job_id,
    sweep: record.sweep === 1,
    state: record.state as EvalState,
    rows: new Set(cells.map(({ place }) => place)).size,
    columns: columns.map(({ label, model, overall: { share, n } }) => ({ label, model, share, n })),
    done: cells.filter((cell) => !isOpen(cell)).length,
    cells: cells.length,
    createdAt: Number(record.created_at),
    finishedAt: record.finished_at === null ? null : Number(record.finished_at),
  }
}

/** Evaluations of a dataset or a run, or all; the newest first, at most 200. */
export async function listEvals(query: EvalList): Promise<EvalSummary[]> {
  return Promise.all((await evalsOf(query)).map(summaryOf))
}

const asExcluded = ({ key, place, question, excluded }: EvalRowRecord): ExcludedRow => ({
  ...{ key, question, number: place + 1, reason: excluded as Exclusion },
})

const figure = (value: number | null | undefined): number | null => (value == null ? null : Number(value))

const errorIn = (answer: AnswerRecord | undefined): WireError['error'] | null =>
  answer?.error_json ? JSON.parse(answer.error_json) : null

function asCell(cell: CellFigures, answer: AnswerRecord | undefined): Cell {
  const grades = cell.state === 'answered' ? gradesIn(cell) : null
  return {
    column: cell.column_index,
    state: cell.state as CellState,
    text: answer && answer.state !== 'asked' ? answer.text : null,
    grades,
    passed: grades && allPassed(grades),
    finishReason: answer?.finish_reason ?? null,
    promptTokens: figure(answer?.prompt_tokens),
    cachedTokens: figure(answer?.cached_tokens),
    completionTokens: figure(answer?.completion_tokens),
    firstTokenMs: figure(answer?.first_token_ms),
    totalMs: figure(answer?.total_ms),
    reportedModel: answer?.reported_model ?? null,
    requestId: answer?.request_id ?? null,
    cost: figure(answer?.cost),
    answeredAt: figure(answer?.ended_at),
    error: errorIn(answer),
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

async function rowViews(
  judged: readonly Judged[],
  records: ReadonlyMap<number, EvalRowRecord>,
  fixes: ReadonlyMap<string, FixRecord>,
): Promise<EvalRow[]> {
  const ids = judged.flatMap(({ cells }) => cells.flatMap(({ answer_id }) => answer_id ?? []))
  const answers = await answersWith(ids)
  return judged.flatMap(({ place, cells, verdict, change }) => {
    const record = records.get(place)
    if (!record) return []
    return {
      ...{ key: record.key, number: place + 1, expected: record.expected, verdict, change },
      messages: asMessages(record),
      cells: cells.map((cell) => asCell(cell, answers.get(cell.answer_id ?? ''))),
      fix: asFix(fixes.get(record.key)),
    }
  })
}

/**
 * An evaluation, its scores, and a page of its rows.
 * @throws AppError not_found
 */
export async function getEval(evalId: string, query: EvalQuery = {}): Promise<EvalPage> {
  const { offset, limit, sort, filter } = EvalQuery.parse(query)
  const record = await findEval(evalId)
  const { graders, sampling } = draftIn(record)
  const [cells, rows, fixes] = await Promise.all([cellFigures(evalId), rowsIn(evalId), fixesIn(evalId)])
  const judged = inOrder(judgedRows(cells), sort, filter)
  const page = judged.slice(offset, offset + limit)
  const excluded = rows.filter((row) => row.excluded !== null)
  return {
    id: record.id,
    datasetId: record.dataset_id,
    datasetName: await datasetNamed(record.dataset_id),
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
    columns: columnsIn(record).map((column, index) => columnScore(column, index, graders, cells)),
    rowCount: rows.length - excluded.length,
    excluded: excluded.map(asExcluded),
    cells: cells.length,
    done: cells.filter((cell) => !isOpen(cell)).length,
    paid: await paidBy(evalId),
    createdAt: Number(record.created_at),
    finishedAt: figure(record.finished_at),
    total: judged.length,
    offset,
    rows: await rowViews(
      page,
      new Map(rows.map((row) => [row.place, row])),
      new Map(fixes.map((fix) => [fix.row_key, fix])),
    ),
  }
}
