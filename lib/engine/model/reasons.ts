import type { z } from 'zod'

/** Schema issues on one line: `rope_scaling: expected null; hidden_act: …` */
export const reasons = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
