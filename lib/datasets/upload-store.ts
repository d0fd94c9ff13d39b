import 'server-only'
import type { Selectable } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export const uploadsOf = (
  providerId: string,
  sha256: string,
): Promise<Selectable<StudioTables['uploads']>[]> =>
  studio()
    .selectFrom('uploads')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('sha256', '=', sha256)
    .orderBy('created_at', 'desc')
    .execute()

export const uploadWithId = (
  providerId: string,
  fileId: string,
): Promise<Selectable<StudioTables['uploads']> | undefined> =>
  studio()
    .selectFrom('uploads')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('file_id', '=', fileId)
    .executeTakeFirst()

export const insertUpload = async (upload: Selectable<StudioTables['uploads']>): Promise<void> => {
  await studio()
    .insertInto('uploads')
    .values(upload)
    // A provider that recognises the bytes answers with the id of the earlier upload.
    .onConflict((conflict) => conflict.columns(['provider_id', 'file_id']).doUpdateSet(upload))
    .execute()
}

/** Files at a provider that came from a dataset. */
export const uploadsOfDataset = (
  providerId: string,
  datasetId: string,
): Promise<Selectable<StudioTables['uploads']>[]> =>
  studio()
    .selectFrom('uploads')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('dataset_id', '=', datasetId)
    .execute()

export const forgetUploads = async (datasetId: string): Promise<void> => {
  await studio().deleteFrom('uploads').where('dataset_id', '=', datasetId).execute()
}
