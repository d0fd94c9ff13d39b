import { APIError } from 'openai'

/** Whether the provider certainly did nothing, and will bill nothing: it answered, and the answer was no. */
export const isDefiniteRejection = (thrown: unknown): boolean =>
  thrown instanceof APIError &&
  thrown.status !== undefined &&
  ((thrown.status >= 400 && thrown.status < 500 && thrown.status !== 408) ||
    // No room to write a job down: there is none.
    thrown.status === 507)
