import type { DatasetVersion, VersionDraft } from './schema.ts'
import { type DatasetRecord, findDataset } from './store.ts'
import type { VersionRecord } from './versions-store.ts'
import { findVersion, versionRecords } from './versions-store.ts'
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
 * Creates a version of the current rows. If the newest version has the same rows, returns that one, with the new name and
 * note if given.
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
 * A version of a dataset.
 * @param versionId null: the version of the current rows, created if there is none
 * @throws AppError not_found
 */
export async function versionOf(datasetId: string, versionId: string | null = null): Promise<DatasetVersion> {
  if (versionId !== null)
    return viewVersion(await findVersion(datasetId, versionId), await findDataset(datasetId))
  const [newest] = await listVersions(datasetId)
  return newest?.current ? newest : makeVersion(datasetId)
}
