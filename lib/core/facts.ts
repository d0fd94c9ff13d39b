import { z } from 'zod'

/** What a sentence of the catalogue is filled with, by name. */
export const Facts = z.record(z.string(), z.union([z.string(), z.number()]))
export type Facts = z.infer<typeof Facts>
