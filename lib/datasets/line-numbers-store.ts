import 'server-only'
import { type DatasetRevision, type RowRecord, rowsAt } from './revision-rows-store.ts'
import type { Split } from './schema.ts'

/** Which line of the dataset a record is, from 1: rows up to it in their order. */
async function lineAt(
  dataset: DatasetRevision,
  { position, seq }: Pick<RowRecord, 'position' | 'seq'>,
): Promise<number> {
  const { before } = await rowsAt(dataset)
    .select((eb) => eb.fn.countAll<number>().as('before'))
    .where((eb) =>
      eb.or([eb('position', '<', position), eb.and([eb('position', '=', position), eb('seq', '<=', seq)])]),
    )
    .executeTakeFirstOrThrow()
  return Number(before)
}

/** Which line of the whole dataset the n-th line of one split is, from 1; 0 when there is none. */
export async function lineOfSplit(dataset: DatasetRevision, split: Split, line: number): Promise<number> {
  const wanted = await rowsAt(dataset)
    .select(['position', 'seq'])
    .where('split', '=', split)
    .orderBy('position')
    .orderBy('seq')
    .limit(1)
    .offset(line - 1)
    .executeTakeFirst()
  return wanted ? lineAt(dataset, wanted) : 0
}

/** Which line a row is, by its lasting id, from 1; 0 when it is not there any more. */
export async function lineOfRow(dataset: DatasetRevision, key: string): Promise<number> {
  const wanted = await rowsAt(dataset).select(['position', 'seq']).where('key', '=', key).executeTakeFirst()
  return wanted ? lineAt(dataset, wanted) : 0
}
