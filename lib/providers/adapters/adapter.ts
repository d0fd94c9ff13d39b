import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { orNull } from '#lib/core/or-null.ts'
import { counted } from '../fetch.ts'
import { looseJson } from '../loose-json.ts'

/** How calls in OpenAI's words reach a kind of provider. */
export interface Adapter {
  /** The headers that carry a key. */
  auth(key: string): Record<string, string>
  /**
   * The address that answers a model call.
   * @param path as OpenAI has it below its base URL
   * @param version of the API, where the address names one
   */
  answersAt(baseURL: string, path: string, model: string, version: string | null): string
  /** A `fetch` that takes OpenAI's calls and gives OpenAI's answers; null: the provider speaks them itself. */
  translate: ((baseURL: string, send: typeof fetch) => typeof fetch) | null
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })

/** A provider that speaks OpenAI's API. */
export const PLAIN: Adapter = {
  auth: bearer,
  answersAt: (baseURL, path) => `${baseURL.replace(/\/$/, '')}${path}`,
  translate: null,
}

/** A call in OpenAI's words, with the options of its `fetch`. */
interface Incoming {
  Bindings: { address: string; init: RequestInit }
}
export type Translation = Hono<Incoming>

/** An answer in OpenAI's words that ends a translation early. */
export class Answered extends Error {
  readonly answer: Response
  constructor(answer: Response) {
    super('Answered')
    this.answer = answer
  }
}

interface Refusal {
  status?: number
  code?: string
  param?: string
}

/** A call that is refused here: nothing was sent for it. */
export const refusal = (message: string, { status = 400, code, param }: Refusal = {}): Answered =>
  new Answered(
    Response.json(
      { error: { message, type: 'invalid_request_error', param: param ?? null, code: code ?? null } },
      { status },
    ),
  )

/** Where providers say what went wrong: OpenAI's envelope, gRPC's, FastAPI's, or a bare text. */
const Problem = z.union([
  z.object({
    error: z.object({
      message: z.string(),
      type: z.string().nullish(),
      code: z.unknown().optional(),
      param: z.unknown().optional(),
    }),
  }),
  z.object({ message: z.string(), code: z.unknown().optional() }),
  z.object({ error: z.string() }),
  z.object({ detail: z.string() }),
  z.object({
    detail: z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() })),
  }),
  z.string(),
])

const wordOrNull = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null

function wordsOf(said: z.infer<typeof Problem>): {
  message: string
  type: string | null
  code: string | null
  param: string | null
} {
  const none = { type: null, code: null, param: null }
  if (typeof said === 'string') return { message: said, ...none }
  if ('detail' in said) return { message: detailIn(said.detail), ...none }
  if ('message' in said) return { message: said.message, ...none, code: wordOrNull(said.code) }
  if (typeof said.error === 'string') return { message: said.error, ...none }
  const { message, type, code, param } = said.error
  return { message, type: type ?? null, code: wordOrNull(code), param: wordOrNull(param) }
}

/** FastAPI's own refusals name the place in the body. */
function detailIn(detail: string | { loc: (string | number)[]; msg: string }[]): string {
  if (typeof detail === 'string') return detail
  return detail.map(({ loc, msg }) => `${loc.filter((part) => part !== 'body').join('.')}: ${msg}`).join('; ')
}

function problemOf(text: string): z.infer<typeof Problem> | undefined {
  try {
    return Problem.safeParse(JSON.parse(text)).data
  } catch {
    return
  }
}

/** Headers that say when to ask again, and which request it was. */
const KEPT = ['retry-after', 'retry-after-ms', 'x-should-retry', 'x-request-id']

/** Bytes of an error that are read, and of any other answer, unpacked. */
const MOST_WORDS = 64 * 1024
const MOST_JSON = 32 * 1024 * 1024

const textOf = (answer: Response, most: number, whole: boolean): Promise<string> =>
  new Response(answer.body?.pipeThrough(counted(most, whole)) ?? null).text()

const keptOf = ({ headers }: Response, names: readonly string[]): [string, string][] =>
  names.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })

/**
 * @throws Answered with a provider's refusal in OpenAI's envelope; with other words, such as a proxy's page, as they came:
 * they are no refusal of the API's own
 */
async function refuse(answer: Response): Promise<never> {
  const { status } = answer
  const text = await textOf(answer, MOST_WORDS, false)
  const said = problemOf(text)
  if (said === undefined)
    throw new Answered(new Response(text, { status, headers: keptOf(answer, ['content-type', ...KEPT]) }))
  const problem = wordsOf(said)
  throw new Answered(
    Response.json(
      { error: { ...problem, type: problem.type ?? 'invalid_request_error' } },
      { status, headers: keptOf(answer, KEPT) },
    ),
  )
}

/** What a server does not offer, or not to this key, or no longer has. */
const MISSING = [403, 404, 405, 410, 501]

/**
 * A part that an answer can do without: its 404 is not that of the whole.
 * @param none what stands for a part that there is not
 */
export async function partOr<Part>(none: Part, asked: Promise<Part>): Promise<Part> {
  try {
    return await asked
  } catch (thrown) {
    if (thrown instanceof Answered && MISSING.includes(thrown.answer.status)) return none
    throw thrown
  }
}

/** A call in the provider's own words. */
export interface OwnCall {
  method?: string
  /** Sent as JSON. */
  body?: unknown
  headers?: HeadersInit
  signal?: AbortSignal | null
}

/** Asks a provider in its own words. @throws Answered with its refusal */
export async function askOwn(send: typeof fetch, address: string, call: OwnCall): Promise<Response> {
  const { method = 'GET', body, headers, signal } = call
  const own = new Headers(headers)
  for (const name of ['content-type', 'content-length']) own.delete(name)
  if (body !== undefined) own.set('content-type', 'application/json')
  const answer = await send(address, {
    method,
    headers: own,
    signal: signal ?? null,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return accepted(answer)
}

/** @throws Answered as `refuse` does */
export const accepted = async (answer: Response): Promise<Response> => (answer.ok ? answer : refuse(answer))

/** The JSON of an answer, as a schema reads it. @throws TypeError for another answer */
export async function readOwn<Schema extends z.ZodType>(
  answer: Response,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const read = schema.safeParse(looseJson(await textOf(answer, MOST_JSON, true)))
  if (read.success) return read.data
  throw new TypeError(`The answer is not as it should be: ${z.prettifyError(read.error)}`)
}

/** Paths of OpenAI's that providers answer themselves. */
export const ANSWERS = ['/chat/completions', '/completions', '/responses']

const pathOf = (baseURL: string, address: string): string =>
  new URL(address).pathname.slice(new URL(baseURL).pathname.replace(/\/$/, '').length)

const addressOf = (input: string | URL | Request): string =>
  input instanceof Request ? input.url : String(input)

const notOffered = (path: string) =>
  refusal(`This provider has nothing for ${path}.`, { status: 404, code: 'unsupported_endpoint' }).answer

/**
 * A `fetch` for OpenAI's paths below a base URL, each with its route. Model calls without a route pass as they are.
 * @param otherwise what becomes of other paths: a 404, as by a server that does not offer them, or they pass too
 * @param routes adds them; what a route throws is a broken connection, but for `Answered`
 */
export function translated(
  baseURL: string,
  send: typeof fetch,
  routes: (app: Translation) => void,
  otherwise: 'refuse' | 'pass' = 'refuse',
): typeof fetch {
  const app: Translation = new Hono<Incoming>()
  routes(app)
  app.notFound(({ req, env }) =>
    otherwise === 'pass' || ANSWERS.includes(req.path) ? send(env.address, env.init) : notOffered(req.path),
  )
  app.onError((thrown) => {
    if (thrown instanceof Answered) return thrown.answer
    throw thrown
  })
  return async (input, init = {}) => {
    const address = addressOf(input)
    const { search } = new URL(address)
    const request = new Request(`http://openai${pathOf(baseURL, address)}${search}`, {
      method: init.method ?? 'GET',
    })
    return app.fetch(request, { address, init })
  }
}

/** The JSON body of a call. @throws Answered for another body */
export function bodyIn({ body }: RequestInit): Record<string, unknown> {
  const read =
    typeof body === 'string' ? z.record(z.string(), z.unknown()).safeParse(JSON.parse(body)) : undefined
  if (read?.success) return read.data
  throw refusal('The body must be a JSON object.')
}

/** OpenAI's list of entries that came all at once, newest first. */
export function pageOf<Entry extends { id: string }>(
  entries: readonly Entry[],
  query: Record<string, string>,
) {
  const { after, limit = '20' } = query
  const from = after === undefined ? 0 : entries.findIndex(({ id }) => id === after) + 1
  const end = from + Math.max(1, Number(limit) || 20)
  return { object: 'list', data: entries.slice(from, end), has_more: end < entries.length }
}

/** All entries at once, for a list whose pages would shift: its times are made up, or it was put together from several. */
export const wholePage = <Entry extends { id: string }>(
  entries: readonly Entry[],
  query: Record<string, string>,
) => pageOf(entries, { ...query, limit: '10000' })

/** Entries in OpenAI's order; of one second, the last one first. */
export const newestFirst = <Entry extends { created_at: number }>(entries: readonly Entry[]): Entry[] =>
  entries.toSorted((a, b) => a.created_at - b.created_at).reverse()

/** Seconds since 1970 of an ISO time; null for none. */
export function secondsOf(time: string | null | undefined): number | null {
  const ms = Date.parse(time ?? '')
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000)
}

/** Names, without their dashes, of keys of other services; and of addresses that need no key. */
const SECRET = /signedurl|(api|access|private)key|password|credential|authorization|secret/i
const TOKEN = /token$/i

/** An address that carries its own signature is a key, and changes with each answer. */
const SIGNED = /[?&](sig|signature|x-amz-signature|x-goog-signature)=/i

function isSecret(name: string, value: unknown): boolean {
  const word = name.replace(/[_-]/g, '')
  // A number is a price or a count.
  return SECRET.test(word) || (TOKEN.test(word) && typeof value !== 'number')
}

const isSigned = (value: unknown): boolean => typeof value === 'string' && SIGNED.test(value)

/** What a provider said, without what nobody may see. */
export function rawOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((part) => !isSigned(part)).map(rawOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) =>
      isSecret(name, part) || isSigned(part) ? [] : [[name, rawOf(part)]],
    ),
  )
}

/** A text and a number of a provider's, which may be missing. */
export const text = orNull(z.string())
export const number = orNull(z.number())

/** A list of entries in the usual envelope. */
export const listOf = <Entry extends z.ZodType>(entry: Entry) => z.object({ data: z.array(entry).nullish() })

export type Call = Context<Incoming>

/** The key and the stop of a call, for what is asked of the provider instead. */
export const asIn = ({ env: { init } }: Call): Pick<OwnCall, 'headers' | 'signal'> => ({
  headers: init.headers ?? {},
  signal: init.signal ?? null,
})

/** Sends a form in place of the one that a call brought. @throws Answered with a refusal */
export async function sendForm(
  send: typeof fetch,
  address: string,
  init: RequestInit,
  { body, headers }: { body: NonNullable<RequestInit['body']>; headers: Record<string, string> },
): Promise<Response> {
  const own = new Headers(init.headers)
  for (const [name, value] of Object.entries(headers)) own.set(name, value)
  return accepted(await send(address, { ...init, body, headers: own }))
}

const Positive = z.number().positive()

/** A hyperparameter that was set; null: it is automatic. */
export const positiveOf = (value: unknown): number | null => Positive.safeParse(value).data ?? null

/** A hyperparameter under the provider's name, if it was set. */
export function setting(name: string, value: unknown): Record<string, number> {
  const positive = positiveOf(value)
  return positive === null ? {} : { [name]: positive }
}

/** A multiplier is never turned into a rate. @throws Answered */
export function expectNoMultiplier(provider: string, hyper: Record<string, unknown>): void {
  if ('learning_rate_multiplier' in hyper)
    throw refusal(`${provider} takes a learning rate, not a multiple of one: set learning_rate.`, {
      code: 'unsupported_parameter',
      param: 'learning_rate_multiplier',
    })
}
