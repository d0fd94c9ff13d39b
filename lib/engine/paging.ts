import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { apiError } from './api-error.ts'
import type { EngineTables } from './tables.ts'
import type { List } from './wire.ts'

/** Query text that says something: clients write `purpose=` for none. */
export const orNone = (text: unknown): unknown => (text === '' ? undefined : text)

/** Query text as a number where it is one; `limit=` says nothing. */
const asNumber = (text: unknown): unknown => {
  if (text === '') return undefined
  return Number.isFinite(Number(text)) ? Number(text) : text
}

/** `?limit=&after=`, as query text. A limit above the maximum is the maximum; an empty `after` is none. */
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

/** Tables that are listed in pages, and what their ids begin with. */
const LISTED = { files: 'file-', jobs: 'ftjob-', events: 'ftevent-', checkpoints: 'ftckpt_' } as const

interface ListPlace {
  table: keyof typeof LISTED
  /** Of a job's own list. */
  job?: string
}

/**
 * The place in its list after which a page begins. What was deleted keeps its place.
 * @throws AppError `invalid` for an id that the list never had
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

/** A page of a list, from rows read with one more than asked for. */
export function listOf<Row, Item>(rows: Row[], limit: number, onWire: (row: Row) => Item): List<Item> {
  return { object: 'list', data: rows.slice(0, limit).map(onWire), has_more: rows.length > limit }
}
