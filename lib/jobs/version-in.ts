import type { DataChoice, JobDraft } from './schema.ts'

/** The version of chosen rows that a draft sends; null: the current rows. */
export const versionIn = ({ training, version }: JobDraft, { datasetId }: DataChoice): string | null =>
  datasetId === training.datasetId ? version : null
