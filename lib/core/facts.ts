import { z } from 'zod'

/** Values of a sentence of the catalogue, by name. */
export const Facts = z.record(z.string(), z.union([z.string(), z.number()]))
export type Facts = z.infer<typeof Facts>
