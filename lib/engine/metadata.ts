import { z } from 'zod'
import { apiError } from './api-error.ts'

export const Metadata = z.record(z.string().max(64), z.string().max(512)).nullish()

const MOST_PAIRS = 16

/** @throws AppError `invalid` for more pairs than OpenAI allows */
export function refuseManyPairs(metadata: z.infer<typeof Metadata>): void {
  const count = Object.keys(metadata ?? {}).length
  if (count <= MOST_PAIRS) return
  throw apiError(
    'invalid',
    `Invalid 'metadata': too many properties. Expected an object with at most ${MOST_PAIRS} properties, but got an object with ${count} properties instead.`,
    { code: 'object_above_max_properties', param: 'metadata' },
  )
}
