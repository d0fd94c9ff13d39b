import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { AppError } from '#lib/core/errors.ts'
import { newId } from '#lib/core/ids.ts'
import { apiError, apiErrorResponse } from './api-error.ts'
import type { Engine } from './engine.ts'
import { notOffered } from './not-offered.ts'
import { chatRoutes } from './routes/chat.ts'
import { fileRoutes } from './routes/files.ts'
import { fineTuningRoutes } from './routes/fine-tuning.ts'
import { libraryRoutes } from './routes/library.ts'
import { modelRoutes } from './routes/models.ts'
import { dropRest, type EngineEnv } from './routes/request.ts'
import { tokenizeRoutes } from './routes/tokenize.ts'
import { trainerRoutes } from './routes/trainers.ts'
import { uploadRoutes } from './routes/uploads.ts'

type EngineContext = Context<EngineEnv>

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares keys in constant time. */
function expectKey(given: string, expected: Buffer): void {
  if (timingSafeEqual(digest(given), expected)) return
  throw apiError('unauthorized', 'Incorrect API key provided.', { code: 'invalid_api_key' })
}

/** The HTTP server assigns a request id; a direct request gets its id here. */
const requestIdOf = (given = ''): string => (/^req_[0-9A-Za-z]{24}$/.test(given) ? given : newId('req_'))

const errorResponse = (thrown: unknown, c: EngineContext): Response =>
  apiErrorResponse(thrown, c.var.requestId)

function notAllowed(c: EngineContext, methods: string[]): Response {
  const { method, path } = c.req
  const allow = methods.join(', ')
  const facts = { code: 'method_not_supported', allow }
  const message = `Not allowed to ${method} on ${path}. It takes ${allow}.`
  return errorResponse(new AppError('method_not_allowed', { message }, { facts }), c)
}

/** Sets the request id of the response, and sends it once the whole request has arrived. */
async function exchange(c: EngineContext, next: () => Promise<void>): Promise<void> {
  const id = requestIdOf(c.req.header('x-request-id'))
  c.set('requestId', id)
  await next()
  c.res.headers.set('x-request-id', id)
  if (c.req.method === 'HEAD') await c.res.body?.cancel() // otherwise the unread file stays open
  await dropRest(c.env.incoming)
}

/** The engine as one function from request to response. */
export function createApp(engine: Engine, key: string) {
  const { files, uploads, jobs, models, library, exports, runner, generator, tokenizers, measurer } = engine
  const { trainers, vllm, servers } = engine
  const app = new Hono<EngineEnv>()
  const expected = digest(`Bearer ${key}`)
  app.use(exchange)
  app.use((c, next) => {
    expectKey(c.req.header('authorization') ?? '', expected)
    return next()
  })
  app.use(methodNotAllowed({ app, onMethodNotAllowed: notAllowed }))
  app.onError((thrown, c) =>
    // The client has disconnected, so no response is needed.
    c.req.raw.signal.aborted ? new Response(null, { status: 499 }) : errorResponse(thrown, c),
  )
  app.notFound((c) => errorResponse(notOffered(c.req.method, c.req.path), c))
  app.route('/v1', chatRoutes(models, { generator, servers }))
  app.route('/v1/files', fileRoutes(files))
  app.route('/v1/uploads', uploadRoutes(uploads))
  app.route('/v1/fine_tuning/jobs', fineTuningRoutes(jobs, runner))
  app.route('/v1/models', modelRoutes(models, exports))
  app.route('/limerick', libraryRoutes(library, measurer, models))
  app.route('/limerick/trainers', trainerRoutes(trainers, models, vllm))
  app.route('/', tokenizeRoutes(models, tokenizers))
  return app
}
