import 'server-only'
import { sql } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import { type DatasetRevision, type RowRecord, rowsWith, sentAt } from './revision-rows-store.ts'
import type { Split } from './schema.ts'

/** Rows of the examples at these indices of their split, from 0, without blank lines. One pass for all. */
export async function exampleRows(
  dataset: DatasetRevision,
  split: Split,
  places: readonly number[],
): Promise<Map<number, RowRecord>> {
  if (places.length === 0) return new Map()
  const numbered = sentAt(dataset, split)
    .select(['seq', sql<number>`row_number() over (order by position, seq) - 1`.as('place')])
    .where((eb) => eb.or([eb('kind', 'is', null), eb('kind', '!=', 'blank')]))
    .orderBy('position')
    .orderBy('seq')
    .limit(Math.max(...places) + 1)
  const found = await studio()
    .selectFrom(numbered.as('numbered'))
    .select(['seq', 'place'])
    .where('place', 'in', [...new Set(places)])
    .execute()
  const rows = await rowsWith(found.map(({ seq }) => seq))
  return new Map(rows.map((row, index) => [found[index]?.place ?? -1, row]))
}
