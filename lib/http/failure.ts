import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { scrub } from './secrets.ts'

/** Characters of one error in the log: enough for the stack after a long message. */
const MOST_LOGGED = 8_000

/** An abort that reaches us is our own timeout, before or during the answer: when the client aborts, nobody reads one. */
const isLate = (thrown: unknown): boolean =>
  thrown instanceof APIUserAbortError || (thrown instanceof DOMException && thrown.name === 'TimeoutError')

/** The message of an error that is JSON: a bare string (Ollama) or under `detail` (FastAPI). */
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

/** OpenAI gives the same error for a deleted checkpoint and for a checkpoint of another project. */
const isAboutCheckpoint = ({ status, code, message }: APIError): boolean =>
  (status === 403 || status === 404) &&
  (code === 'model_not_found' || /model/i.test(message)) &&
  /:ckpt-step-\d/.test(message)

/** A provider's message without the status in front. HTML, as reverse proxies send it, is replaced by our own words. */
function wordsOf(error: APIError): ErrorWords {
  const said = sentenceIn(error.message.replace(/^\d{3}\s+/, ''))
  if (/^\s*<(!doctype|html|\?xml)/i.test(said)) return 'providers.webPage'
  const message = scrub(said)
  if (error.code === 'DeploymentNotFound') return ['providers.notDeployed', { said: message }]
  return isAboutCheckpoint(error) ? ['providers.checkpointElsewhere', { said: message }] : { message }
}

function fromProvider(error: APIError): AppError {
  const facts: Record<string, string | number> = {}
  if (error.status) facts.status = error.status
  if (error.code) facts.providerCode = scrub(String(error.code))
  if (error.requestID) facts.requestId = scrub(error.requestID)
  const param = error.param ? scrub(error.param) : undefined
  if (error instanceof APIConnectionError) {
    if (error.cause instanceof AppError) return error.cause // our own timeout, with its own words
    const late = error instanceof APIConnectionTimeoutError
    const words = late ? 'providers.late' : 'providers.unreachable'
    return new AppError('provider_unreachable', words, { facts, cause: error })
  }
  // The engine uses the same disk as the studio.
  const code = error.status === 507 && error.code === 'disk_full' ? 'disk_full' : 'provider_refused'
  return new AppError(code, wordsOf(error), { param, facts, cause: error })
}

/**
 * Turns anything thrown into an error with a code; nothing else does. Unknown errors become `internal`: logged, never
 * shown. So does a ZodError: `route` parses requests itself, so a ZodError here means that stored data does not fit.
 */
export function failure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (isLate(thrown)) return new AppError('provider_unreachable', 'providers.late', { cause: thrown })
  if (thrown instanceof APIError) return fromProvider(thrown)
  if (isDiskFull(thrown)) return diskFull(thrown)
  return new AppError('internal', 'http.internal', { cause: thrown })
}

/** ms between two log lines: a full disk fails every write, and the log is on that disk. */
const SAY_AGAIN = 60_000
let saidFull = Number.NEGATIVE_INFINITY

function logDiskFull({ message }: AppError): void {
  if (performance.now() - saidFull < SAY_AGAIN) return
  saidFull = performance.now()
  console.error(message)
}

/**
 * Logs internal errors, with secrets removed, and that the disk is full.
 * @param requestId of the request to `/v1` that failed
 */
export function logInternal(error: AppError, requestId?: string): void {
  if (error.code === 'disk_full') logDiskFull(error)
  if (error.code !== 'internal') return
  const { cause } = error
  const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  console.error(scrub(requestId ? `${requestId}: ${words}` : words, MOST_LOGGED))
}
