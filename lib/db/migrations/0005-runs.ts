import { type Kysely, sql } from 'kysely'

/** A curve has columns of its own: what a chart asks for is read without opening any event. */
async function points(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('job_points')
    .addColumn('job_id', 'text', (c) => c.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('at', 'bigint')
    .addColumn('event_id', 'text')
    .addColumn('train_loss', 'double precision')
    .addColumn('valid_loss', 'double precision')
    .addColumn('full_valid_loss', 'double precision')
    .addColumn('accuracy', 'double precision')
    .addColumn('valid_accuracy', 'double precision')
    .addColumn('full_valid_accuracy', 'double precision')
    .addPrimaryKeyConstraint('job_points_key', ['job_id', 'step'])
    .execute()
}

async function runs(db: Kysely<unknown>): Promise<void> {
  const table = () => db.schema.alterTable('jobs')
  await table().addColumn('best_valid', 'double precision').execute()
  await table().addColumn('best_valid_step', 'integer').execute()
  await table().addColumn('running_at', 'bigint').execute()
  await table().addColumn('trouble_json', 'text').execute()
}

/** What the list of runs orders, narrows and searches by, apart from their wide rows; newest first, as `jobs_newest` was. */
async function list(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('jobs_newest').execute()
  await db.schema
    .createIndex('jobs_list')
    .on('jobs')
    .columns([
      'created_at desc',
      'id desc',
      'launch',
      'status',
      'model',
      'provider_id',
      'dataset_id',
      'number',
    ])
    .columns([
      'suffix',
      'remote_id',
      'fine_tuned_model',
      'last_loss',
      'best_valid',
      'running_at',
      'finished_at',
    ])
    .execute()
}

/** Limits that a person set, and what was promised and paid under them. Sums are micro-dollars. */
async function spending(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('spend_limits')
    .addColumn('provider_id', 'text', (c) => c.primaryKey())
    .addColumn('monthly_cap', 'bigint')
    .addColumn('confirm_above', 'bigint')
    .execute()
  await db.schema
    .createTable('spend')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('per_million', 'bigint')
    .addColumn('reserved', 'bigint', (c) => c.notNull())
    .addColumn('spent', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('settled_at', 'bigint')
    .execute()
  await db.schema.createIndex('spend_of_month').on('spend').columns(['provider_id', 'created_at']).execute()
  await db.schema
    .createTable('chat_prices')
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('input', 'bigint', (c) => c.notNull())
    .addColumn('cached_input', 'bigint')
    .addColumn('output', 'bigint', (c) => c.notNull())
    .addColumn('as_of', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('chat_prices_key', ['provider_id', 'model'])
    .execute()
}

/** Why a provider is not asked at present. */
async function holds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('provider_holds')
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint')
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('provider_holds_key', ['provider_id', 'account'])
    .execute()
}

const MEASURES = {
  train_loss: 'train_loss',
  valid_loss: 'valid_loss',
  full_valid_loss: 'full_valid_loss',
  accuracy: 'train_mean_token_accuracy',
  valid_accuracy: 'valid_mean_token_accuracy',
  full_valid_accuracy: 'full_valid_mean_token_accuracy',
}

/** Names that the kept points of a result file had. */
const KEPT = {
  train_loss: 'trainLoss',
  valid_loss: 'validLoss',
  full_valid_loss: 'fullValidLoss',
  accuracy: 'accuracy',
}

type Told = Record<string, unknown>

const objectIn = (json: string | null): Told => {
  const value: unknown = json === null ? null : JSON.parse(json)
  return typeof value === 'object' && value !== null ? (value as Told) : {}
}

/** Azure writes -1 for "not measured". */
const measure = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value !== -1 ? value : null

interface Place {
  job: string
  step: unknown
  at: number | null
  event: string | null
}

/** A row of `job_points`; null where no step is told. */
function rowOf({ job, step, at, event }: Place, told: Told, names: Partial<typeof MEASURES>) {
  if (!Number.isSafeInteger(step) || Number(step) < 0) return null
  const values = Object.keys(MEASURES).map((column) =>
    measure(told[names[column as keyof typeof MEASURES] ?? '']),
  )
  return sql`(${sql.join([job, step, at, event, ...values])})`
}

/** The first to tell a number is believed. */
async function keep(rows: ReturnType<typeof rowOf>[], db: Kysely<unknown>): Promise<void> {
  const known = rows.filter((row) => row !== null)
  if (known.length === 0) return
  const filled = Object.keys(MEASURES).map(
    (name) =>
      sql`${sql.ref(name)} = coalesce(${sql.ref(`job_points.${name}`)}, ${sql.ref(`excluded.${name}`)})`,
  )
  await sql`
    insert into job_points
      (job_id, step, at, event_id, train_loss, valid_loss, full_valid_loss, accuracy, valid_accuracy, full_valid_accuracy)
    values ${sql.join(known)}
    on conflict (job_id, step) do update set ${sql.join(filled)}`.execute(db)
}

/** SQLite takes 32,766 bound values a statement; ten a point. */
const PAGE = 1_000

interface MetricsEvent {
  seq: number
  job_id: string
  id: string
  created_at: number
  message: string
  data_json: string | null
}

function eventRow({ job_id, id, created_at, message, data_json }: MetricsEvent) {
  const told = objectIn(data_json)
  const words = /Step (\d+)\//.exec(message)
  const step = told.step ?? (words ? Number(words[1]) : null)
  return rowOf({ job: job_id, step, at: Number(created_at), event: id }, told, MEASURES)
}

/** Curves that were read from their events until now. The newest first: what was told last is right. */
async function backfillEvents(db: Kysely<unknown>): Promise<void> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const { rows } = await sql<MetricsEvent>`
      select seq, job_id, id, created_at, message, data_json from job_events
      where type = 'metrics' and seq < ${before} order by seq desc limit ${PAGE}`.execute(db)
    await keep(rows.map(eventRow), db)
    if (rows.length < PAGE) return
    before = rows.at(-1)?.seq ?? 0
  }
}

/** Curves that only a result file told. */
async function backfillResults(db: Kysely<unknown>): Promise<void> {
  const { rows: jobs } = await sql<{ id: string }>`select id from jobs where result_json is not null`.execute(
    db,
  )
  for (const { id } of jobs) {
    const { rows } = await sql<{
      result_json: string
    }>`select result_json from jobs where id = ${id}`.execute(db)
    const points = JSON.parse(rows[0]?.result_json ?? '[]') as Told[]
    for (let from = 0; from < points.length; from += PAGE) {
      const page = points.slice(from, from + PAGE)
      await keep(
        page.map((told) => rowOf({ job: id, step: told.step, at: null, event: null }, told, KEPT)),
        db,
      )
    }
  }
}

/** What the rows of the list keep of their curves. */
async function backfillRuns(db: Kysely<unknown>): Promise<void> {
  for (const column of ['full_valid_loss', 'valid_loss']) {
    const value = sql.ref(column)
    await sql`
      update jobs set best_valid = best.value, best_valid_step = best.step
      from (
        select job_id, step, ${value} as value, row_number() over (partition by job_id order by ${value}, step) as place
        from job_points where ${value} is not null
      ) as best
      where best.job_id = jobs.id and best.place = 1 and jobs.best_valid is null`.execute(db)
  }
  await sql`
    update jobs set running_at =
      (select at from job_states where job_states.job_id = jobs.id and job_states.status = 'running')`.execute(
    db,
  )
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await points(db)
  await runs(db)
  await list(db)
  await spending(db)
  await holds(db)
  await backfillEvents(db)
  await backfillResults(db)
  await backfillRuns(db)
}
