import type { z } from 'zod'

/** A value of others that may be missing or of another type; null in both cases. */
export const orNull = <Value extends z.ZodType>(value: Value) => value.nullish().catch(null)
