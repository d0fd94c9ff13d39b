import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { apiError } from './api-error.ts'
import type { EngineTables } from './tables.ts'
import type { List } from './wire.ts'

/** Treats empty query text as absent: clients send `purpose=` for no filter. */
export const orNone = (text: unknown): unknown => (text === '' ? undefined : text)

/** Converts numeric query text to a number; treats `limit=` as absent. */
const asNumber = (text: unknown): unknown => {
  if (text === '') return undefined
  return Number.isFinite(Number(text)) ? Number(text) : text
}

/** Schema of `?limit=&after=` as query text. Limits above the maximum are clamped; an empty `after` is ignored. */
export const Paging = (usual: number, maximum = 1_000) =>
  z.object({
    limit: z.preprocess(
      asNumber,
      z
        .number()
        .int()
        .min(1)
        .default(usual)
        .transform((limit) => Math.min(limit, maximum)),
    ),
    after: z.preprocess(orNone, z.string().optional()),
  })

/** Paginated tables and the prefix of their ids. */
const LISTED = { files: 'file-', jobs: 'ftjob-', events: 'ftevent-', checkpoints: 'ftckpt_' } as const

interface ListPlace {
  table: keyof typeof LISTED
  /** Job id, for the lists of one job. */
  job?: string
}

/**
 * The list position after which a page starts. Deleted rows keep their position.
 * @throws AppError `invalid` for an id that was never in the list
 */
export async function placeOf(
  db: Kysely<EngineTables>,
  { table, job }: ListPlace,
  id: string,
): Promise<number> {
  const here = db
    .selectFrom(table)
    .select('seq')
    .where('id', '=', id)
    .$if(job !== undefined, (query) => query.where(sql<boolean>`job_id = ${job}`))
  const gone = db.selectFrom('deleted').select('seq').where('id', '=', id)
  const row =
    (await here.executeTakeFirst()) ??
    (id.startsWith(LISTED[table]) ? await gone.executeTakeFirst() : undefined)
  if (row) return row.seq
  throw apiError('invalid', `Invalid value for 'after': nothing in this list has the id '${id}'.`, {
    code: 'invalid_value',
    param: 'after',
  })
}

/** A page of a list, from rows queried with one more than the limit. */
export function listOf<Row, Item>(rows: Row[], limit: number, onWire: (row: Row) => Item): List<Item> {
  return { object: 'list', data: rows.slice(0, limit).map(onWire), has_more: rows.length > limit }
}
