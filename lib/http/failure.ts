import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { scrub } from './secrets.ts'

/** Characters of one error in the log: its stack has to be in it, behind a long message too. */
const MOST_LOGGED = 8_000

/** Whoever leaves hears no answer: an abort that is told of was our own limit of time, before or amid the answer. */
const isLate = (thrown: unknown): boolean =>
  thrown instanceof APIUserAbortError || (thrown instanceof DOMException && thrown.name === 'TimeoutError')

/** A sentence that came as JSON: a text by itself as Ollama's, or under `detail` as FastAPI's. */
function sentenceIn(said: string): string {
  if (!/^["{]/.test(said)) return said
  try {
    const value: unknown = JSON.parse(said)
    const sentence = typeof value === 'object' ? (value as { detail?: unknown } | null)?.detail : value
    return typeof sentence === 'string' && sentence !== '' ? sentence : said
  } catch {
    return said
  }
}

/** OpenAI says the same of a checkpoint that was deleted and of one that belongs to another project. */
const isAboutCheckpoint = ({ status, code, message }: APIError): boolean =>
  (status === 403 || status === 404) &&
  (code === 'model_not_found' || /model/i.test(message)) &&
  /:ckpt-step-\d/.test(message)

/** A provider's words without its status in front; a page of HTML, as a gateway sends it, says nothing to a person. */
function wordsOf(error: APIError): ErrorWords {
  const said = sentenceIn(error.message.replace(/^\d{3}\s+/, ''))
  if (/^\s*<(!doctype|html|\?xml)/i.test(said)) return 'providers.webPage'
  const message = scrub(said)
  return isAboutCheckpoint(error) ? ['providers.checkpointElsewhere', { said: message }] : { message }
}

function fromProvider(error: APIError): AppError {
  const facts: Record<string, string | number> = {}
  if (error.status) facts.status = error.status
  if (error.code) facts.providerCode = scrub(String(error.code))
  if (error.requestID) facts.requestId = scrub(error.requestID)
  const param = error.param ? scrub(error.param) : undefined
  if (error instanceof APIConnectionError) {
    if (error.cause instanceof AppError) return error.cause // our own limit, with its own words
    const late = error instanceof APIConnectionTimeoutError
    const words = late ? 'providers.late' : 'providers.unreachable'
    return new AppError('provider_unreachable', words, { facts, cause: error })
  }
  // The engine writes to the disk that we write to.
  const code = error.status === 507 && error.code === 'disk_full' ? 'disk_full' : 'provider_refused'
  return new AppError(code, wordsOf(error), { param, facts, cause: error })
}

/**
 * The one place where anything thrown becomes an error with a code. What we do not know is `internal`: logged by the
 * edge, never shown. A ZodError is one of those: a request is parsed by `route`, so it comes of what is stored here.
 */
export function failure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (isLate(thrown)) return new AppError('provider_unreachable', 'providers.late', { cause: thrown })
  if (thrown instanceof APIError) return fromProvider(thrown)
  if (isDiskFull(thrown)) return diskFull(thrown)
  return new AppError('internal', 'http.internal', { cause: thrown })
}

/** ms; a full disk fails every write, and its log lies on it. */
const SAY_AGAIN = 60_000
let saidFull = Number.NEGATIVE_INFINITY

function logDiskFull({ message }: AppError): void {
  if (performance.now() - saidFull < SAY_AGAIN) return
  saidFull = performance.now()
  console.error(message)
}

/**
 * Writes what a person may not see to the log, with secrets removed, and that the disk is full.
 * @param requestId of the request to `/v1` that met it
 */
export function logInternal(error: AppError, requestId?: string): void {
  if (error.code === 'disk_full') logDiskFull(error)
  if (error.code !== 'internal') return
  const { cause } = error
  const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  console.error(scrub(requestId ? `${requestId}: ${words}` : words, MOST_LOGGED))
}
