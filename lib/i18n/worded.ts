import { z } from 'zod'

const WordValues = z.record(z.string(), z.union([z.string(), z.number()]))
/** What fills the gaps of a sentence. */
export type WordValues = z.infer<typeof WordValues>

/** Words as they leave and as they are kept: in English, with the key and values that say the same in any language. */
export const Worded = z.object({
  message: z.string(),
  /** Of the catalogue's errors; absent for the words of others, a provider's or the engine's. */
  key: z.string().optional(),
  values: WordValues.optional(),
})
export type Worded = z.infer<typeof Worded>
