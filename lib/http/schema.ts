import { z } from 'zod'
import { fromWire, type WireError as Wire } from '#lib/core/errors.ts'

/** An error inside an answer, as `AppError.toWire` writes it; lib/core/errors.ts defines its fields. */
export const ErrorFacts = z.custom<Wire['error']>((error) => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return fromWire({ error }).code === code
}, 'This is no error of ours.')

export const WireError = z.object({ error: ErrorFacts })
