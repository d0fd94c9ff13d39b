import { AppError } from '#lib/core/errors.ts'
import { keyFilter, scrub, withoutKeys } from '#lib/http/secrets.ts'
import { answersAtOnce, ENGINE_PATIENCE, engineLate } from './engine-patience.ts'
import { events } from './event-stream.ts'
import { multipart } from './multipart.ts'
import { fetchWithin, type Reach } from './reach.ts'

/** How long a provider may take to begin an answer, in ms. */
const PATIENCE = 60_000

const MB = 1024 * 1024

/** Bytes of an error body that are read, unpacked: only its message matters. */
const MOST_WORDS = 64 * 1024

/** Bytes of a JSON answer that are read, unpacked. */
const MOST_JSON = 32 * MB

/** Bytes of the content of a file that was asked for: as large as files for training may be. */
const MOST_CONTENT = 512 * MB

/** Bytes of any other body, of an unknown type. */
const MOST_OTHER = 64 * MB

export const tooBig = (most: number): AppError =>
  new AppError('provider_refused', ['providers.answerTooLarge', { megabytes: Math.floor(most / MB) }])

type Body = ReadableStream<Uint8Array<ArrayBuffer>>

/** Passes `most` bytes on; then ends the body, or breaks it when it has to be whole. */
export function counted(most: number, whole: boolean): TransformStream<Uint8Array, Uint8Array> {
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

const textIn = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Transforms a body: `push` maps each part and `rest` gives the end, both as one character a byte. */
function rewritten(push: (part: string) => string, rest: () => string) {
  const enqueue = (text: string, body: TransformStreamDefaultController<Uint8Array>) => {
    if (text !== '') body.enqueue(Buffer.from(text, 'latin1'))
  }
  return new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, body) => enqueue(push(textIn(chunk)), body),
    flush: (body) => enqueue(rest(), body),
  })
}

/** A stream event by event, with limits and without our keys. */
function eventful() {
  const { push, rest } = events()
  return rewritten(
    (part) => push(part).map(withoutKeys).join(''),
    () => withoutKeys(rest()),
  )
}

function keyless() {
  const { push, rest } = keyFilter()
  return rewritten(push, rest)
}

const isJson = ({ headers }: Response): boolean => /\bjson\b/i.test(headers.get('content-type') ?? '')

/** The path of what was asked for. */
const pathOf = (input: string | URL | Request): string =>
  new URL(input instanceof Request ? input.url : input).pathname

/** We ask for chat as streams only; the SDK reads the answer as one whatever its type. */
const isChat = (path: string): boolean => path.endsWith('/chat/completions')

function mostOf(answer: Response, path: string): number {
  if (/\/files\/[^/]+\/content$/.test(path)) return MOST_CONTENT
  return isJson(answer) ? MOST_JSON : MOST_OTHER
}

/** A body within our limits, whatever type it has, and without our keys. */
function bodyOf(answer: Response, body: Body, path: string) {
  if (!answer.ok) return body.pipeThrough(counted(MOST_WORDS, false)).pipeThrough(keyless())
  if (isChat(path)) return body.pipeThrough(eventful())
  return body.pipeThrough(counted(mostOf(answer, path), true)).pipeThrough(keyless())
}

const headersOf = ({ headers }: Response): [string, string][] =>
  [...headers].map(([name, value]) => [name, scrub(value)])

/** An answer that may be read, shown and stored. */
function safe(answer: Response, path: string): Response {
  const { status, statusText, body } = answer
  const init = { status, statusText: scrub(statusText), headers: headersOf(answer) }
  return new Response(body && bodyOf(answer, body, path), init)
}

/**
 * The only `fetch` of this process. Redirects are refused: a key must not follow one, and fetch would keep a second
 * copy of every uploaded byte for it.
 */
const requestBy =
  (send: typeof fetch): typeof fetch =>
  async (input, init) => {
    const body = init?.body instanceof FormData ? multipart(init.body) : init?.body
    return send(input, { ...init, body, redirect: 'error', cache: 'no-store' })
  }

const request = requestBy(fetch)

const safely =
  (send: typeof fetch): typeof fetch =>
  async (input, init) =>
    safe(await send(input, init), pathOf(input))

/** `fetch` to a provider, whose answer may hold anything. */
export const upstream = safely(request)

/**
 * The same to a provider that was added in the studio, at addresses it may have.
 * @param translate between OpenAI's words and the provider's own
 */
export const within = (reach: Reach, translate: (send: typeof fetch) => typeof fetch): typeof fetch =>
  safely(translate(requestBy(fetchWithin(reach))))

const isZip = ({ ok, headers }: Response): boolean => ok && headers.get('content-type') === 'application/zip'

/** Our own engine's exports pass as they are: they have any size, and no key of ours is in them. */
const fromEngine: typeof fetch = async (input, init) => {
  const answer = await request(input, init)
  return isZip(answer) ? answer : safe(answer, pathOf(input))
}

/** `fetch` to our own engine, with a limit to the first byte for what it answers at once. @param patience ms */
export const toEngine =
  (patience = ENGINE_PATIENCE): typeof fetch =>
  async (input, init) => {
    if (!answersAtOnce(init?.method ?? 'GET', pathOf(input))) return fromEngine(input, init)
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(engineLate()), patience)
    const signal = init?.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal
    try {
      return await upstream(input, { ...init, signal })
    } finally {
      clearTimeout(timer)
    }
  }

/** The limit for calls with a short answer: listing, retrieving, health. */
export const briefly = (signal?: AbortSignal, ms = PATIENCE): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(ms)]) : AbortSignal.timeout(ms)
