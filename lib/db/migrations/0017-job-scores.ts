import { type Kysely, sql } from 'kysely'

/** Held-out scores of a job's models, and the final model's as a number, so that the list reads and sorts one table. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table jobs add column scores_json text`.execute(db)
  await sql`alter table jobs add column score double precision`.execute(db)
  await db.schema.dropIndex('jobs_list').execute()
  await db.schema
    .createIndex('jobs_list')
    .on('jobs')
    .columns([
      ...['created_at desc', 'id desc', 'launch', 'status', 'model', 'provider_id', 'dataset_id', 'number'],
      ...['suffix', 'remote_id', 'fine_tuned_model', 'last_loss', 'best_valid', 'running_at', 'finished_at'],
      'score',
    ])
    .execute()
}
