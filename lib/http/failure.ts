import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { z } from 'zod'
import { AppError } from '#lib/errors.ts'

/** Anything shaped like a secret: provider keys and bearer tokens. */
const SECRET = /\b(sk-[\w-]{6,}|Bearer\s+\S+|lk-[\w-]{6,})/g

/** A provider's words, safe to show: no secrets, no escape codes, at most 600 characters. */
const plain = (text: string): string =>
  text
    .replace(SECRET, '[secret]')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .slice(0, 600)

function fromProvider(error: APIError): AppError {
  const facts: Record<string, string | number> = {}
  if (error.status) facts.status = error.status
  if (error.code) facts.providerCode = plain(String(error.code))
  if (error.requestID) facts.requestId = plain(error.requestID)
  const param = error.param ? plain(error.param) : undefined
  if (error instanceof APIConnectionError) {
    const late = error instanceof APIConnectionTimeoutError
    return new AppError(
      'provider_unreachable',
      late ? 'The provider did not answer in time.' : 'The provider could not be reached.',
      {
        facts,
        cause: error,
      },
    )
  }
  return new AppError('provider_refused', plain(error.message.replace(/^\d{3}\s+/, '')), {
    param,
    facts,
    cause: error,
  })
}

function fromSchema(error: z.ZodError): AppError {
  const [first] = error.issues
  const param = first?.path.join('.') || undefined
  return new AppError(
    'invalid',
    param ? `${param}: ${first?.message}` : (first?.message ?? 'The request is not valid.'),
    { param },
  )
}

/** The one place where anything thrown becomes an error with a code. What we do not know is `internal`: logged by the edge, never shown. */
export function failure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof z.ZodError) return fromSchema(thrown)
  if (thrown instanceof APIUserAbortError)
    return new AppError('unavailable', 'The request was stopped.', { cause: thrown })
  if (thrown instanceof APIError) return fromProvider(thrown)
  return new AppError('internal', 'Something went wrong inside Limerick. The log has the details.', {
    cause: thrown,
  })
}

/** Writes what a person may not see to the log, with secrets removed. */
export function logInternal(error: AppError): void {
  if (error.code !== 'internal') return
  const { cause } = error
  console.error(plain(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)))
}
