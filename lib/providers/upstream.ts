import { AppError } from '#lib/errors.ts'
import { answersAtOnce, ENGINE_PATIENCE, engineLate } from './engine-patience.ts'
import { multipart } from './multipart.ts'

/** How long a provider may take to begin an answer, in ms. */
const PATIENCE = 60_000

const MB = 1024 * 1024

/** Bytes of a refusal that are read: words for a person, whatever the body would inflate to. */
const MOST_WORDS = 64 * 1024

/** Bytes of a JSON answer that are read, unpacked. Streams and files are not JSON: whoever reads those counts. */
const MOST_JSON = 32 * MB

export const tooBig = (most: number): AppError =>
  new AppError(
    'provider_refused',
    `The provider's answer is larger than ${Math.floor(most / MB)} MB, so it was not read.`,
  )

/** Passes `most` bytes on; what then comes is cut off, or breaks the body where it has to be whole. */
function counted(most: number, whole: boolean): TransformStream<Uint8Array, Uint8Array> {
  let left = most
  return new TransformStream({
    transform(chunk, body) {
      body.enqueue(chunk.subarray(0, left))
      left -= chunk.length
      if (left >= 0) return
      if (whole) body.error(tooBig(most))
      else body.terminate()
    },
  })
}

const isJson = ({ headers }: Response): boolean => /\bjson\b/i.test(headers.get('content-type') ?? '')

/** An answer whose JSON, or whose refusal, cannot fill the memory. */
function bounded(answer: Response): Response {
  if (!answer.body || (answer.ok && !isJson(answer))) return answer
  const body = answer.body.pipeThrough(answer.ok ? counted(MOST_JSON, true) : counted(MOST_WORDS, false))
  const { status, statusText, headers } = answer
  return new Response(body, { status, statusText, headers })
}

/**
 * The one way out of this process. Redirects are refused: a key must not follow one, and fetch would keep
 * a second copy of every uploaded byte to be able to.
 */
export const upstream: typeof fetch = async (input, init) => {
  const body = init?.body instanceof FormData ? multipart(init.body) : init?.body
  return bounded(await fetch(input, { ...init, body, redirect: 'error', cache: 'no-store' }))
}

/** The way to our own engine: what it answers at once has a limit to the first byte. @param patience ms */
export const toEngine =
  (patience = ENGINE_PATIENCE): typeof fetch =>
  async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (!answersAtOnce(init?.method ?? 'GET', pathname)) return upstream(input, init)
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(engineLate()), patience)
    const signal = init?.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal
    try {
      return await upstream(input, { ...init, signal })
    } finally {
      clearTimeout(timer)
    }
  }

/** For calls whose answer is short: listing, retrieving, asking for health. */
export const briefly = (signal?: AbortSignal, ms = PATIENCE): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(ms)]) : AbortSignal.timeout(ms)
