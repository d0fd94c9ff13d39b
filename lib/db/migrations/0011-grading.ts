import { type Kysely, sql } from 'kysely'

/** Runs whose evaluation at the end has been begun: a row that is still there at a start is of one that died. */
async function sweeps(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('eval_sweeps')
    .addColumn('job_id', 'text', (c) => c.primaryKey())
    .addColumn('begun_at', 'bigint', (c) => c.notNull())
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await sweeps(db)
  await db.schema.alterTable('evals').addColumn('error_json', 'text').execute()
  await db.schema
    .createIndex('eval_cells_ungraded')
    .on('eval_cells')
    .columns(['eval_id', 'place', 'column_index'])
    .where(sql.ref('state'), '=', sql.lit('answered'))
    .where(sql.ref('grades_json'), 'is', sql.lit(null))
    .execute()
}
