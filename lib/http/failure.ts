import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { diskFull, isDiskFull } from '#lib/disk/full.ts'
import { AppError, type ErrorDetails } from '#lib/errors.ts'

/** Anything shaped like a secret: provider keys and bearer tokens. */
const SECRET = /\b(sk-[\w-]{6,}|Bearer\s+\S+|lk-[\w-]{6,})/g

const HIDDEN = Symbol.for('limerick.hidden')
const shelf = globalThis as unknown as Record<symbol, Set<string> | undefined>

/**
 * From now on no error and no line of the log says `secret`, as it is or as JSON or an address would spell it: a
 * provider may repeat any key in its refusal, and not every key has a shape that gives it away.
 */
export function hide(secret: string): void {
  const hidden = shelf[HIDDEN] ?? new Set()
  shelf[HIDDEN] = hidden
  for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    hidden.add(spelling)
}

const withoutHidden = (text: string): string =>
  Array.from(shelf[HIDDEN] ?? []).reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)

/** Characters of one error in the log: its stack has to be in it, behind a long message too. */
const MOST_LOGGED = 8_000

/** A provider's words, safe to show: no secrets, no escape codes, at most `most` characters. */
const plain = (text: string, most = 600): string =>
  withoutHidden(text)
    .replace(SECRET, '[secret]')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .slice(0, most)

const unreachable = (message: string, { facts, cause }: Pick<ErrorDetails, 'facts' | 'cause'>): AppError =>
  new AppError('provider_unreachable', message, { facts, cause })

const LATE = 'The provider did not answer in time.'

/** Whoever leaves hears no answer: an abort that is told of was our own limit of time, before or amid the answer. */
const isLate = (thrown: unknown): boolean =>
  thrown instanceof APIUserAbortError || (thrown instanceof DOMException && thrown.name === 'TimeoutError')

/** A provider's words without its status in front; a page of HTML, as a gateway sends it, says nothing to a person. */
function wordsOf({ message }: APIError): string {
  const said = message.replace(/^\d{3}\s+/, '')
  return /^\s*<(!doctype|html|\?xml)/i.test(said) ? 'The provider answered with a web page.' : plain(said)
}

function fromProvider(error: APIError): AppError {
  const facts: Record<string, string | number> = {}
  if (error.status) facts.status = error.status
  if (error.code) facts.providerCode = plain(String(error.code))
  if (error.requestID) facts.requestId = plain(error.requestID)
  const param = error.param ? plain(error.param) : undefined
  if (error instanceof APIConnectionError) {
    if (error.cause instanceof AppError) return error.cause // our own limit, with its own words
    const late = error instanceof APIConnectionTimeoutError
    return unreachable(late ? LATE : 'The provider could not be reached.', { facts, cause: error })
  }
  // The engine writes to the disk that we write to.
  const code = error.status === 507 && error.code === 'disk_full' ? 'disk_full' : 'provider_refused'
  return new AppError(code, wordsOf(error), {
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

/** Writes what a person may not see to the log, with secrets removed, and that the disk is full. */
export function logInternal(error: AppError): void {
  if (error.code === 'disk_full') logDiskFull(error)
  if (error.code !== 'internal') return
  const { cause } = error
  const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  console.error(plain(words, MOST_LOGGED))
}
