import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { EvalProgress } from './schema.ts'

export async function rowsOf<Row>(query: RawBuilder<Row>): Promise<Row[]> {
  return (await query.execute(studio())).rows
}

/** Cells of a column by their state, and how many of its answers passed: read from an index alone. */
export interface ColumnCount {
  column: number
  answered: number
  interrupted: number
  failed: number
  lost: number
  skipped: number
  /** Not yet asked, or not yet answered. */
  open: number
  passed: number
  /** Answers that every grader graded, or that one did not pass. */
  judged: number
}

export const columnCounts = (evalId: string): Promise<ColumnCount[]> =>
  rowsOf(sql<ColumnCount>`select column_index as "column",
      sum(state = 'answered') as answered, sum(state = 'interrupted') as interrupted,
      sum(state = 'failed') as failed, sum(state = 'lost') as lost, sum(state = 'skipped') as skipped,
      sum(state in ('waiting', 'asked')) as open,
      sum(state = 'answered' and passed = 1) as passed,
      sum(state = 'answered' and passed is not null) as judged
    from eval_cells where eval_id = ${evalId} group by column_index order by column_index`)

/** Running evaluations; counted in indexes alone. */
export const progressOfOpen = (): Promise<EvalProgress[]> =>
  rowsOf(sql<EvalProgress>`select id, job_id as "jobId", state,
      (select count(*) from eval_cells as cell where cell.eval_id = evals.id and cell.state in ('waiting', 'asked'))
        as open,
      (select count(*) from eval_cells as cell indexed by eval_cells_ungraded
        where cell.eval_id = evals.id and cell.state = 'answered' and cell.grades_json is null) as ungraded
    from evals where state in ('running', 'paused') order by created_at, id`)

/** Tokens, cost and times of a column's answers. Tokens and micro-dollars are sums. */
export interface ColumnFigures {
  column: number
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  cost: number
  /** Answers without a known price or count. */
  unpriced: number
  fromCache: number
  /** Complete answers whose tokens the provider counted, and their sums. */
  counted: number
  countedPrompt: number
  countedCached: number
  countedCompletion: number
  /** ms of each complete answer, unordered. */
  firstTokenMs: number[]
  totalMs: number[]
}

type FigureRow = Record<keyof ColumnFigures, number> & Record<'firstTokenMs' | 'totalMs', string>

export async function columnFigures(evalId: string): Promise<ColumnFigures[]> {
  const found = await rowsOf(sql<FigureRow>`select cell.column_index as "column",
      coalesce(sum(prompt_tokens), 0) as "promptTokens",
      coalesce(sum(cached_tokens), 0) as "cachedTokens",
      coalesce(sum(completion_tokens), 0) as "completionTokens",
      coalesce(sum(cost), 0) as cost, sum(cost is null) as unpriced, sum(from_cache) as "fromCache",
      count(prompt_tokens) filter (where cell.state = 'answered') as counted,
      coalesce(sum(prompt_tokens) filter (where cell.state = 'answered'), 0) as "countedPrompt",
      coalesce(sum(cached_tokens) filter (where cell.state = 'answered' and prompt_tokens is not null), 0)
        as "countedCached",
      coalesce(sum(completion_tokens) filter (where cell.state = 'answered' and prompt_tokens is not null), 0)
        as "countedCompletion",
      json_group_array(first_token_ms) filter (where cell.state = 'answered' and first_token_ms is not null)
        as "firstTokenMs",
      json_group_array(total_ms) filter (where cell.state = 'answered' and total_ms is not null) as "totalMs"
    from eval_cells as cell join eval_answers as answer indexed by eval_answers_figures on answer.id = cell.answer_id
    where cell.eval_id = ${evalId} and cell.state <> 'asked' group by cell.column_index`)
  return found.map((row) => ({
    ...row,
    firstTokenMs: JSON.parse(row.firstTokenMs),
    totalMs: JSON.parse(row.totalMs),
  }))
}

/** One grader's results for a column's complete answers. */
export interface GraderSums {
  column: number
  grader: number
  passed: number
  judged: number
  /** Graded ones and those that it failed on. */
  all: number
  /** Scores from 0 to 1: how many, their sum and the sum of their squares. */
  n: number
  sum: number
  squares: number
}

type SumRow = { column: number; all: number } & Record<string, number>

/** One grader's columns of `graderSums`: the JSON text of a cell is parsed once for all of them. */
function sumsOf(gradual: boolean, grader: number) {
  const passed = sql`(grades_json ->> ${sql.lit(`$[${grader}].passed`)})`
  const score = sql`(grades_json ->> ${sql.lit(`$[${grader}].score`)})`
  const as = (name: string) => sql.ref(`${name}${grader}`)
  const verdicts = sql`coalesce(sum(${passed}), 0) as ${as('passed')}, count(${passed}) as ${as('judged')}`
  if (!gradual) return verdicts
  return sql`${verdicts}, count(${score}) as ${as('n')}, coalesce(sum(${score}), 0) as ${as('sum')},
    coalesce(sum(${score} * ${score}), 0) as ${as('squares')}`
}

/** @param gradual for each grader whether its scores count, not only passes */
export async function graderSums(evalId: string, gradual: readonly boolean[]): Promise<GraderSums[]> {
  if (gradual.length === 0) return []
  const found = await rowsOf(sql<SumRow>`select column_index as "column", count(grades_json) as "all",
      ${sql.join(gradual.map(sumsOf))}
    from eval_cells where eval_id = ${evalId} and state = 'answered' group by column_index`)
  const one = ({ column, all, ...row }: SumRow, grader: number): GraderSums => {
    const of = (name: string) => row[`${name}${grader}`] ?? 0
    const [passed, judged, n] = [of('passed'), of('judged'), of('n')]
    return { column, grader, all, passed, judged, n, sum: of('sum'), squares: of('squares') }
  }
  return found.flatMap((row) => gradual.map((_, grader) => one(row, grader)))
}

/** Rows where every grader graded both columns' answers: how many only one of them passes. */
export interface PassedPairs {
  n: number
  onlyA: number
  onlyB: number
}

const pairs = (evalId: string, a: number, b: number) => sql`
  eval_cells as a join eval_cells as b
    on b.eval_id = a.eval_id and b.place = a.place and b.column_index = ${b} and b.state = 'answered'
  where a.eval_id = ${evalId} and a.column_index = ${a} and a.state = 'answered'`

export async function passedPairs(evalId: string, a: number, b: number): Promise<PassedPairs> {
  const [found] = await rowsOf(sql<PassedPairs>`select count(*) as n,
      coalesce(sum(a.passed > b.passed), 0) as "onlyA", coalesce(sum(a.passed < b.passed), 0) as "onlyB"
    from ${pairs(evalId, a, b)} and a.passed is not null and b.passed is not null`)
  return found ?? { n: 0, onlyA: 0, onlyB: 0 }
}

/** The first grader's score of a minus that of b, for each row that has both. */
export async function scoreDifferences(evalId: string, a: number, b: number): Promise<number[]> {
  const found = await rowsOf(sql<{ difference: number | null }>`
    select (a.grades_json ->> '$[0].score') - (b.grades_json ->> '$[0].score') as difference
    from ${pairs(evalId, a, b)}`)
  return found.flatMap(({ difference }) => difference ?? [])
}
