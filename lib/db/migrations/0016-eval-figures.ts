import { type Kysely, sql } from 'kysely'

/**
 * Whether an answer passes every grader, read from its grades: 0 when one refuses it, null when one could not say. In JSON
 * text a quote inside a string is escaped, so `"passed":` can only be the key.
 */
async function passed(db: Kysely<unknown>): Promise<void> {
  await sql`alter table eval_cells add column passed integer generated always as (
    case
      when grades_json is null then null
      when instr(grades_json, '"passed":false') > 0 then 0
      when instr(grades_json, '"passed":null') > 0 then null
      else 1
    end) virtual`.execute(db)
  await sql`create index eval_cells_scores on eval_cells(eval_id, column_index, state, passed)`.execute(db)
}

/** What a page of scores sums up, without the text of the answers. */
async function figures(db: Kysely<unknown>): Promise<void> {
  await sql`create index eval_answers_figures on eval_answers(
    id, prompt_tokens, cached_tokens, completion_tokens, first_token_ms, total_ms, cost)`.execute(db)
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await passed(db)
  await figures(db)
}
