import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { EngineTables } from './tables.ts'
import type { List } from './wire.ts'

/** `?limit=&after=`, as query text. A limit above the maximum is the maximum. */
export const Paging = (usual: number, maximum = 1_000) =>
  z.object({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .default(usual)
      .transform((limit) => Math.min(limit, maximum)),
    after: z.string().optional(),
  })

/** What comes after the row with this id, in the list's own order. An id that is gone ends the list. */
export function after(
  db: Kysely<EngineTables>,
  table: keyof EngineTables,
  id: string | undefined,
  order: 'asc' | 'desc' = 'desc',
): RawBuilder<SqlBool> {
  const cursor = db
    .selectFrom(table)
    .select('seq')
    .where('id', '=', id ?? '')
  return order === 'desc' ? sql<SqlBool>`seq < (${cursor})` : sql<SqlBool>`seq > (${cursor})`
}

/** A page of a list, from rows read with one more than asked for. */
export function listOf<Row, Item>(rows: Row[], limit: number, onWire: (row: Row) => Item): List<Item> {
  return { object: 'list', data: rows.slice(0, limit).map(onWire), has_more: rows.length > limit }
}
