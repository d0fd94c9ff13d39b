import { z } from 'zod'

const WordValues = z.record(z.string(), z.union([z.string(), z.number()]))
/** Values of the placeholders of a sentence. */
export type WordValues = z.infer<typeof WordValues>

/** Words on the wire and in the database: English, with key and values for a translation. */
export const Worded = z.object({
  message: z.string(),
  /** Key in the catalogue's errors; absent for a provider's or the engine's own words. */
  key: z.string().optional(),
  values: WordValues.optional(),
})
export type Worded = z.infer<typeof Worded>
