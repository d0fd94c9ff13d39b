import { z } from 'zod'

/** Room on the disk of the data folder. */
export const Space = z.object({
  /** Bytes; null when the system does not report it. */
  free: z.number().nullable(),
  /** `full`: changes are refused, existing data can be read. */
  state: z.enum(['enough', 'low', 'full']),
})
export type Space = z.infer<typeof Space>

/** A dataset that was deleted and can be brought back. */
export const DeletedDataset = z.object({
  id: z.string(),
  name: z.string(),
  lines: z.number(),
  /** ms */
  deletedAt: z.number(),
})
export type DeletedDataset = z.infer<typeof DeletedDataset>
