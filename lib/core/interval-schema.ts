import { z } from 'zod'

export const Interval = z.object({
  low: z.number(),
  high: z.number(),
})
export type Interval = z.infer<typeof Interval>
