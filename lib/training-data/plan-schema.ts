import { z } from 'zod'

/** A resolved value, and whether it was automatic; `reason` names the rule in the catalogue. */
export const Resolved = z.object({
  value: z.number(),
  auto: z.boolean(),
  reason: z.enum(['few', 'usual', 'once', 'many', 'share', 'base', 'own']).nullable(),
})
export type Resolved = z.infer<typeof Resolved>

/** Another choice of rows and epochs. */
export const Alternative = z.object({
  rows: z.number(),
  epochs: z.number(),
})
export type Alternative = z.infer<typeof Alternative>
