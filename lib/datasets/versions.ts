import type { DatasetVersion, VersionDraft } from './schema.ts'
import { type DatasetRecord, findDataset } from './store.ts'
import type { VersionRecord } from './versions-store.ts'
import { versionRecords } from './versions-store.ts'
import { work } from './worker/client.ts'

const viewVersion = (version: VersionRecord, { revision }: DatasetRecord): DatasetVersion => ({
  id: version.id,
  number: version.number,
  name: version.name,
  note: version.note,
  revision: version.revision,
  sha256: version.sha256,
  trainRows: version.train_rows,
  heldoutRows: version.heldout_rows,
  tokens: Number(version.tokens),
  createdAt: Number(version.created_at),
  current: version.revision === revision,
})

/**
 * The versions of a dataset, the newest first.
 * @throws AppError not_found
 */
export async function listVersions(datasetId: string): Promise<DatasetVersion[]> {
  const dataset = await findDataset(datasetId)
  return (await versionRecords(datasetId)).map((version) => viewVersion(version, dataset))
}

/**
 * Makes a version of the rows as they are. When the newest version has the very same rows, it is that one, under
 * the new name and note if there are any.
 * @throws AppError not_found
 */
export async function makeVersion(
  datasetId: string,
  { name, note }: VersionDraft = {},
): Promise<DatasetVersion> {
  const { revision } = await findDataset(datasetId)
  const id = await work('freeze', { datasetId, revision, name: name ?? null, note: note || null })
  const made = (await listVersions(datasetId)).find((version) => version.id === id)
  if (!made) throw new Error('The version that was just made is gone.')
  return made
}

/**
 * The version that stands for the rows as they are, made now if there is none yet.
 * @throws AppError not_found
 */
export async function versionOf(datasetId: string): Promise<DatasetVersion> {
  const [newest] = await listVersions(datasetId)
  return newest?.current ? newest : makeVersion(datasetId)
}
