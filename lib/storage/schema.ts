/** Room on the disk of the data folder. */
export interface Space {
  /** Bytes; null where the system does not tell. */
  free: number | null
  /** `full`: changes are refused, what is there can be read. */
  state: 'enough' | 'low' | 'full'
}
