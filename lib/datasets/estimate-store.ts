import 'server-only'
import { memoize } from '#lib/core/memoize.ts'
import { studio } from '#lib/db/studio.ts'
import { type DatasetRevision, type RowRecord, sentAt } from './revision-rows-store.ts'

async function edge({ id }: DatasetRevision, order: 'asc' | 'desc'): Promise<number> {
  const row = await studio()
    .selectFrom('dataset_rows')
    .select('position')
    .where('dataset_id', '=', id)
    .orderBy('position', order)
    .limit(1)
    .executeTakeFirst()
  return row?.position ?? 0
}

const nextRow = (dataset: DatasetRevision, position: number): Promise<RowRecord | undefined> =>
  sentAt(dataset, 'train')
    .selectAll()
    .where('tokens', '>', 0)
    .where('position', '>=', position)
    .orderBy('position')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()

/** At most `count` rows spread over the train split, always the same; reads little more than these. */
export async function spreadRows(dataset: DatasetRevision, count: number): Promise<RowRecord[]> {
  const [first, last] = await Promise.all([edge(dataset, 'asc'), edge(dataset, 'desc')])
  const rows = new Map<number, RowRecord>()
  for (let n = 0; n < count; n++) {
    const row = await nextRow(dataset, first + ((last - first) * n) / count)
    if (row) rows.set(row.seq, row)
  }
  return [...rows.values()]
}

async function findLongest(dataset: DatasetRevision): Promise<number> {
  const found = await sentAt(dataset, 'train')
    .select(({ fn }) => fn.max('tokens').as('tokens'))
    .executeTakeFirst()
  return Number(found?.tokens ?? 0)
}

const longest = memoize<number>(100)

/**
 * Length of the longest training row, in tokens of OpenAI's encoding; 0 without rows. Reads every row of a revision
 * once: the form asks for an estimate at each change.
 */
export const longestRow = (dataset: DatasetRevision): Promise<number> =>
  longest(`${dataset.id} ${dataset.revision}`, () => findLongest(dataset))
