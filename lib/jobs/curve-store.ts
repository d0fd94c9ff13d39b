import 'server-only'
import { sql } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import { type CurveFacts, NOTHING, type Quarter, TAIL, type ValidationFacts } from './diagnosis.ts'

const points = (jobId: string) => studio().selectFrom('job_points').where('job_id', '=', jobId)

const losses = (jobId: string) => points(jobId).where('train_loss', 'is not', null)

export async function pointCount(jobId: string): Promise<number> {
  const { count } = await points(jobId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Newest first. */
const tailOf = (jobId: string) =>
  losses(jobId).select(['step', 'train_loss as loss']).orderBy('step', 'desc').limit(TAIL).execute()

const firstOf = (jobId: string) =>
  losses(jobId).select(['step', 'train_loss as loss']).orderBy('step').limit(1).executeTakeFirst()

/** Training losses at the end, in a row, that read as 0.00. */
async function zerosOf(jobId: string): Promise<number> {
  const alive = await losses(jobId)
    .select('step')
    .where('train_loss', '>=', NOTHING)
    .orderBy('step', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { count } = await losses(jobId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('step', '>', alive?.step ?? -1)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Everything that needs every point, in one pass. */
function sumsOf(jobId: string, first: number, last: number) {
  const third = (last - first + 1) / 3
  return points(jobId)
    .select(({ fn }) => [
      fn.count<number>('train_loss').as('count'),
      sql<number | null>`avg(case when step < ${first + third} then train_loss end)`.as('early'),
      sql<number | null>`avg(case when step > ${last - third} then train_loss end)`.as('late'),
      fn.max('train_loss').as('most'),
      fn.min('full_valid_loss').as('full'),
      fn.min('valid_loss').as('batch'),
    ])
    .executeTakeFirstOrThrow()
}

/** Validation on batches in each quarter of the measured steps: the mean, and the variance of that mean. */
async function quartersOf(jobId: string): Promise<Quarter[]> {
  const measured = points(jobId).where('valid_loss', 'is not', null)
  const { first, last } = await measured
    .select(({ fn }) => [fn.min('step').as('first'), fn.max('step').as('last')])
    .executeTakeFirstOrThrow()
  const quarter = sql<number>`cast((step - ${first}) * 4 / (${last} - ${first} + 1) as integer)`
  const rows = await measured
    .select(({ fn }) => [
      fn.avg<number>('valid_loss').as('mean'),
      sql<number>`avg(valid_loss * valid_loss)`.as('square'),
      fn.countAll<number>().as('count'),
    ])
    .groupBy(quarter)
    .orderBy(quarter)
    .execute()
  return rows.map(({ mean, square, count }) => ({
    mean,
    variance: Math.max(0, square - mean * mean) / Math.max(1, count - 1),
    count: Number(count),
  }))
}

/** Where validation was best, and how it went on. */
async function validationIn(
  jobId: string,
  column: 'full_valid_loss' | 'valid_loss',
  best: number,
): Promise<ValidationFacts> {
  const measured = points(jobId).select(['step', `${column} as value`])
  const [found, newest, quarters] = await Promise.all([
    measured.where(column, '=', best).orderBy('step').limit(1).executeTakeFirstOrThrow(),
    measured.where(column, 'is not', null).orderBy('step', 'desc').limit(2).execute(),
    column === 'valid_loss' ? quartersOf(jobId) : [],
  ])
  const lastTwo = newest.map(({ value }) => value ?? best)
  return {
    best,
    step: found.step,
    last: lastTwo[0] ?? best,
    full: column === 'full_valid_loss',
    lastTwo,
    quarters,
  }
}

/** Training losses that are NaN or infinite, and how many above 0.00 came after the last of them. */
async function notNumbersOf(jobId: string): Promise<CurveFacts['notANumber']> {
  const found = await points(jobId)
    .select(({ fn }) => [
      fn.min('step').as('step'),
      fn.max('step').as('last'),
      fn.countAll<number>().as('count'),
    ])
    .where('not_a_number', '=', 1)
    .executeTakeFirstOrThrow()
  if (found.step === null) return null
  const { since } = await losses(jobId)
    .select(({ fn }) => fn.countAll<number>().as('since'))
    .where('step', '>', found.last)
    .where('train_loss', '>=', NOTHING)
    .executeTakeFirstOrThrow()
  return { step: found.step, count: Number(found.count), since: Number(since) }
}

/** What a diagnosis needs, computed by the database: no point is loaded. */
export async function curveFacts(jobId: string): Promise<CurveFacts> {
  const [first, newest] = await Promise.all([firstOf(jobId), tailOf(jobId)])
  const [last] = newest
  const { count, early, late, most, full, batch } = await sumsOf(jobId, first?.step ?? 0, last?.step ?? 0)
  const notANumber = await notNumbersOf(jobId)
  const best = full ?? batch
  const validation =
    best === null ? null : await validationIn(jobId, full === null ? 'valid_loss' : 'full_valid_loss', best)
  if (!first || !last)
    return {
      train: null,
      count: 0,
      most: null,
      tail: { zeros: 0, of: 0 },
      zeros: 0,
      thirds: null,
      notANumber,
      validation,
    }
  return {
    train: { first: first.loss ?? 0, last: last.loss ?? 0, steps: last.step },
    count: Number(count),
    most,
    notANumber,
    tail: { zeros: newest.filter(({ loss }) => (loss ?? 0) < NOTHING).length, of: newest.length },
    zeros: await zerosOf(jobId),
    thirds: early === null || late === null ? null : [early, late],
    validation,
  }
}

/** The event of the newest validation on the whole file. */
export async function newestValidation(jobId: string): Promise<string | null> {
  const newest = await points(jobId)
    .select('event_id')
    .where('full_valid_loss', 'is not', null)
    .orderBy('step', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest?.event_id ?? null
}

/** Steps and ms between the newest point and the oldest of the last `ms`; null until two have times. */
export async function pace(jobId: string, ms: number): Promise<{ steps: number; ms: number } | null> {
  const last = await points(jobId)
    .select(['step', 'at'])
    .where('at', 'is not', null)
    .orderBy('step', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last?.at) return null
  // Reading the end of the job is enough: steps and times grow together.
  const recent = await points(jobId)
    .select(['step', 'at'])
    .where('at', 'is not', null)
    .where('step', '>', last.step - 2_000)
    .where('at', '>=', last.at - ms)
    .orderBy('step')
    .limit(1)
    .executeTakeFirst()
  if (!recent?.at || recent.step === last.step || recent.at === last.at) return null
  return { steps: last.step - recent.step, ms: last.at - recent.at }
}
