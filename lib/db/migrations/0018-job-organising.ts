import { type Kysely, sql } from 'kysely'

/** What is only ours about a job: a name, a note, tags, and whether it is put away. */
async function own(db: Kysely<unknown>): Promise<void> {
  await sql`alter table jobs add column name text`.execute(db)
  await sql`alter table jobs add column note text`.execute(db)
  await sql`alter table jobs add column archived_at bigint`.execute(db)
  await db.schema
    .createTable('job_tags')
    .addColumn('job_id', 'text', (c) => c.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('tag', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('job_tags_key', ['job_id', 'tag'])
    .execute()
  await db.schema.createIndex('job_tags_tag').on('job_tags').columns(['tag', 'job_id']).execute()
}

/** The list searches names and leaves out what is put away. */
async function list(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('jobs_list').execute()
  await db.schema
    .createIndex('jobs_list')
    .on('jobs')
    .columns([
      ...['created_at desc', 'id desc', 'launch', 'status', 'model', 'provider_id', 'dataset_id', 'number'],
      ...['suffix', 'remote_id', 'fine_tuned_model', 'last_loss', 'best_valid', 'running_at', 'finished_at'],
      ...['score', 'name', 'archived_at'],
    ])
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await own(db)
  await list(db)
}
