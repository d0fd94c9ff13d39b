import 'server-only'
import { sql } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import { type CurveFacts, NOTHING, TAIL } from './diagnosis.ts'

const points = (jobId: string) => studio().selectFrom('job_points').where('job_id', '=', jobId)

const losses = (jobId: string) => points(jobId).where('train_loss', 'is not', null)

/** Steps that are known of a run. */
export async function pointCount(jobId: string): Promise<number> {
  const { count } = await points(jobId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The last training losses, the newest first. */
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

/** Everything that takes a look at each point, in one pass. */
function sumsOf(jobId: string, first: number, last: number) {
  const third = (last - first + 1) / 3
  return points(jobId)
    .select(({ fn }) => [
      fn.count<number>('train_loss').as('count'),
      sql<number | null>`avg(case when step < ${first + third} then train_loss end)`.as('early'),
      sql<number | null>`avg(case when step > ${last - third} then train_loss end)`.as('late'),
      fn.min('full_valid_loss').as('full'),
      fn.min('valid_loss').as('batch'),
    ])
    .executeTakeFirstOrThrow()
}

/** Where validation was best, and its last value. */
async function validationIn(jobId: string, column: 'full_valid_loss' | 'valid_loss', best: number) {
  const measured = points(jobId).select(['step', `${column} as value`])
  const [found, last] = await Promise.all([
    measured.where(column, '=', best).orderBy('step').limit(1).executeTakeFirstOrThrow(),
    measured.where(column, 'is not', null).orderBy('step', 'desc').limit(1).executeTakeFirstOrThrow(),
  ])
  return { best, step: found.step, last: last.value ?? best }
}

/** What a diagnosis rests on, added up by the database: no point leaves it. */
export async function curveFacts(jobId: string): Promise<CurveFacts> {
  const [first, newest] = await Promise.all([firstOf(jobId), tailOf(jobId)])
  const [last] = newest
  const { count, early, late, full, batch } = await sumsOf(jobId, first?.step ?? 0, last?.step ?? 0)
  const best = full ?? batch
  const validation =
    best === null ? null : await validationIn(jobId, full === null ? 'valid_loss' : 'full_valid_loss', best)
  if (!first || !last)
    return { train: null, count: 0, tail: { zeros: 0, of: 0 }, zeros: 0, thirds: null, validation }
  return {
    train: { first: first.loss ?? 0, last: last.loss ?? 0, steps: last.step },
    count: Number(count),
    tail: { zeros: newest.filter(({ loss }) => (loss ?? 0) < NOTHING).length, of: newest.length },
    zeros: await zerosOf(jobId),
    thirds: early === null || late === null ? null : [early, late],
    validation,
  }
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
  // Only the end of the run is looked at: steps and times grow together.
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
