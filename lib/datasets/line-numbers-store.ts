import 'server-only'
import { type DatasetRevision, type RowRecord, rowsAt, sentAt } from './revision-rows-store.ts'
import type { Split } from './schema.ts'

/** Line number of a record in the dataset, from 1: the number of rows up to it. */
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

/** Line number in the whole dataset of line `line` of the file of one split, from 1; 0: none. */
export async function lineOfSplit(dataset: DatasetRevision, split: Split, line: number): Promise<number> {
  const wanted = await sentAt(dataset, split)
    .select(['position', 'seq'])
    .orderBy('position')
    .orderBy('seq')
    .limit(1)
    .offset(line - 1)
    .executeTakeFirst()
  return wanted ? lineAt(dataset, wanted) : 0
}

/** Line number of a row by its stable id, from 1; 0: deleted. */
export async function lineOfRow(dataset: DatasetRevision, key: string): Promise<number> {
  const wanted = await rowsAt(dataset).select(['position', 'seq']).where('key', '=', key).executeTakeFirst()
  return wanted ? lineAt(dataset, wanted) : 0
}
