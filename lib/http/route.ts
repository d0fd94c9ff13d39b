import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { chooseLocale } from '#lib/i18n/choose-locale.ts'
import { issueWords } from '#lib/i18n/issue-words.ts'
import type { Locale } from '#lib/i18n/locale.ts'
import { answerOf } from './answer.ts'
import { failure, logInternal } from './failure.ts'

interface Shape<Body, Query, Answer> {
  body?: z.ZodType<Body>
  query?: z.ZodType<Query>
  answer?: z.ZodType<Answer>
}

interface Call<Body, Query> {
  body: Body
  query: Query
  /** The parts of the address in brackets, `[datasetId]` as `params.datasetId`. */
  params: Record<string, string>
  /** What the page that asks is written in. */
  locale: Locale
  request: Request
}

type Handler<Body, Query, Answer> = (
  call: Call<Body, Query>,
) => Answer | Response | Promise<Answer | Response>

interface RouteContext {
  /** Absent where the address has no brackets. */
  params?: Promise<Record<string, string | string[] | undefined>>
}

const NO_STORE = { 'cache-control': 'no-store' }

const asText = (params: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))

/** Media types ignore case and may have parameters after a semicolon. */
const isJson = ({ headers }: Request): boolean =>
  /^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')

/** @throws AppError invalid, which names the first wrong field */
function parseRequest<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const { success, data, error } = schema.safeParse(value, { reportInput: true })
  if (success) return data
  const [issue] = error.issues
  const param = issue?.path.join('.') || undefined
  if (!issue) throw new AppError('invalid', 'http.invalid')
  const words = issueWords(issue)
  const message = param ? `${param}: ${words.message}` : words.message
  throw new AppError('invalid', { ...words, message }, { param })
}

async function readJson(request: Request): Promise<unknown> {
  if (!isJson(request)) {
    throw new AppError('unsupported_type', 'http.sendJson')
  }
  try {
    return await request.json()
  } catch {
    throw new AppError('invalid', 'http.bodyNotJson')
  }
}

/** A request may omit the body where the schema accepts `undefined`. */
async function readBody<Body>(schema: z.ZodType<Body>, request: Request): Promise<Body> {
  const nothing = request.headers.has('content-type') ? null : schema.safeParse(undefined)
  return nothing?.success ? nothing.data : parseRequest(schema, await readJson(request))
}

/** The error response of a route. Does not log errors that a disconnected client caused. */
function refuse(thrown: unknown, { signal }: Request): Response {
  const error = failure(thrown)
  if (!signal.aborted) logInternal(error)
  return Response.json(error.toWire(), { status: error.status, headers: NO_STORE })
}

/**
 * Makes a route handler: checks body and query, answers JSON, and turns anything thrown into an error response. A Response
 * from the handler (a stream, a download) is sent as it is.
 * @param shape zod schemas of body, query string and answer; without `answer` the handler must return a Response
 * @param status of a successful answer, default 200
 */
export function route<Body = undefined, Query = undefined, Answer = never>(
  shape: Shape<Body, Query, Answer>,
  handler: Handler<Body, Query, NoInfer<Answer>>,
  { status = 200 }: { status?: number } = {},
) {
  return async (request: Request, context: RouteContext): Promise<Response> => {
    try {
      const search = Object.fromEntries(new URL(request.url).searchParams)
      const answer = await handler({
        body: (shape.body ? await readBody(shape.body, request) : undefined) as Body,
        query: (shape.query ? parseRequest(shape.query, search) : undefined) as Query,
        params: asText((await context.params) ?? {}),
        locale: chooseLocale(request.headers),
        request,
      })
      if (answer instanceof Response) return answer
      const fitting = answerOf(shape.answer ?? z.never(), answer)
      return Response.json(fitting ?? null, { status, headers: NO_STORE })
    } catch (thrown) {
      return refuse(thrown, request)
    }
  }
}
