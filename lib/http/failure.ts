import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { AppError, type ErrorDetails } from '#lib/core/errors.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { scrub } from './secrets.ts'

/** Characters of one error in the log: its stack has to be in it, behind a long message too. */
const MOST_LOGGED = 8_000

const unreachable = (message: string, { facts, cause }: Pick<ErrorDetails, 'facts' | 'cause'>): AppError =>
  new AppError('provider_unreachable', message, { facts, cause })

const LATE = 'The provider did not answer in time.'

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

/** A provider's words without its status in front; a page of HTML, as a gateway sends it, says nothing to a person. */
function wordsOf({ message }: APIError): string {
  const said = sentenceIn(message.replace(/^\d{3}\s+/, ''))
  return /^\s*<(!doctype|html|\?xml)/i.test(said) ? 'The provider answered with a web page.' : scrub(said)
}

/** OpenAI says the same of a checkpoint that was deleted and of one that belongs to another project. */
const aboutCheckpoint = ({ status, code, message }: APIError): string =>
  (status === 403 || status === 404) &&
  (code === 'model_not_found' || /model/i.test(message)) &&
  /:ckpt-step-\d/.test(message)
    ? " It may belong to another project: a checkpoint answers only the project that trained it, or one that it was shared with. Use that project's key, or share the checkpoint with the project of this key."
    : ''

function fromProvider(error: APIError): AppError {
  const facts: Record<string, string | number> = {}
  if (error.status) facts.status = error.status
  if (error.code) facts.providerCode = scrub(String(error.code))
  if (error.requestID) facts.requestId = scrub(error.requestID)
  const param = error.param ? scrub(error.param) : undefined
  if (error instanceof APIConnectionError) {
    if (error.cause instanceof AppError) return error.cause // our own limit, with its own words
    const late = error instanceof APIConnectionTimeoutError
    return unreachable(late ? LATE : 'The provider could not be reached.', { facts, cause: error })
  }
  // The engine writes to the disk that we write to.
  const code = error.status === 507 && error.code === 'disk_full' ? 'disk_full' : 'provider_refused'
  return new AppError(code, `${wordsOf(error)}${aboutCheckpoint(error)}`, {
    param,
    facts,
    cause: error,
  })
}

/**
 * The one place where anything thrown becomes an error with a code. What we do not know is `internal`: logged by the
 * edge, never shown. A ZodError is one of those: a request is parsed by `route`, so it comes of what is stored here.
 */
export function failure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (isLate(thrown)) return unreachable(LATE, { cause: thrown })
  if (thrown instanceof APIError) return fromProvider(thrown)
  if (isDiskFull(thrown)) return diskFull(thrown)
  return new AppError('internal', 'Something went wrong inside Limerick. The log has the details.', {
    cause: thrown,
  })
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
