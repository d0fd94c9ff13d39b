import type { Kysely } from 'kysely'
import { z } from 'zod'
import { problem } from './problem.ts'
import type { EngineTables } from './tables.ts'
import type { List } from './wire.ts'

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
    after: z
      .string()
      .optional()
      .transform((id) => id || undefined),
  })

/** Tables that are listed in pages. */
type Listed = 'files' | 'jobs' | 'events' | 'checkpoints'

/**
 * The place in its list after which a page begins. What was deleted keeps its place.
 * @throws AppError `invalid` for an id that the list never had
 */
export async function placeOf(db: Kysely<EngineTables>, table: Listed, id: string): Promise<number> {
  const row =
    (await db.selectFrom(table).select('seq').where('id', '=', id).executeTakeFirst()) ??
    (await db.selectFrom('deleted').select('seq').where('id', '=', id).executeTakeFirst())
  if (row) return row.seq
  throw problem('invalid', `Invalid value for 'after': nothing in this list has the id '${id}'.`, {
    code: 'invalid_value',
    param: 'after',
  })
}

/** A page of a list, from rows read with one more than asked for. */
export function listOf<Row, Item>(rows: Row[], limit: number, onWire: (row: Row) => Item): List<Item> {
  return { object: 'list', data: rows.slice(0, limit).map(onWire), has_more: rows.length > limit }
}
