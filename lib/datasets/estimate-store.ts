import 'server-only'
import { studio } from '#lib/db/studio.ts'
import type { RowRecord } from './store.ts'

interface State {
  id: string
  revision: number
}

const trainRows = ({ id, revision }: State) =>
  studio()
    .selectFrom('dataset_rows')
    .where('dataset_id', '=', id)
    .where('split', '=', 'train')
    .where('since', '<=', revision)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', revision)]))

async function edge({ id }: State, order: 'asc' | 'desc'): Promise<number> {
  const row = await studio()
    .selectFrom('dataset_rows')
    .select('position')
    .where('dataset_id', '=', id)
    .orderBy('position', order)
    .limit(1)
    .executeTakeFirst()
  return row?.position ?? 0
}

const nextRow = (state: State, position: number): Promise<RowRecord | undefined> =>
  trainRows(state)
    .selectAll()
    .where('tokens', '>', 0)
    .where('position', '>=', position)
    .orderBy('position')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()

/** At most so many rows of the train split from all over it, always the same ones; reads little more than them. */
export async function spreadRows(state: State, count: number): Promise<RowRecord[]> {
  const [first, last] = await Promise.all([edge(state, 'asc'), edge(state, 'desc')])
  const rows = new Map<number, RowRecord>()
  for (let n = 0; n < count; n++) {
    const row = await nextRow(state, first + ((last - first) * n) / count)
    if (row) rows.set(row.seq, row)
  }
  return [...rows.values()]
}
