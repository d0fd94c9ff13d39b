/** Room on the disk of the data folder. */
export interface Space {
  /** Bytes; null where the system does not tell. */
  free: number | null
  /** `full`: changes are refused, what is there can be read. */
  state: 'enough' | 'low' | 'full'
}

/** A dataset that was deleted and can be brought back. */
export interface DeletedDataset {
  id: string
  name: string
  lines: number
  /** ms */
  deletedAt: number
}
