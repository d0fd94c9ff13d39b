import 'server-only'
import http, {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { keyIdOf } from '#lib/auth/api-keys.ts'
import { AppError } from '#lib/core/errors.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { bodyLimit } from '#lib/http/request-guard.ts'
import { requestIdOf } from '#lib/http/request-id.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import { refuseAliased } from '#lib/models/delete-model.ts'
import { noteDeleted } from '#lib/models/store.ts'
import { bearer } from '#lib/providers/adapters/adapter.ts'
import { answersAtOnce, ENGINE_PATIENCE, engineLate } from '#lib/providers/engine-patience.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { addressOf } from './azure.ts'
import { bodyOf, chatBodyOf, withModel } from './body.ts'
import { ANSWER_PATHS, type AnswerPath } from './call.ts'
import { recordUse } from './call-log.ts'
import { chat } from './chat.ts'
import { ENGINE_BACK, refuse, refuseError } from './error-response.ts'
import { passed, returned } from './headers.ts'
import { aliasModel, modelIn, modelsWithAliases } from './models.ts'
import { targetOf } from './resolve-model.ts'

/** The API key of a request: as a bearer, or in Azure's own header. */
function keyIn({ authorization, 'api-key': apiKey }: IncomingHttpHeaders): string | null {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? (apiKey ? String(apiKey) : null)
}

const WRONG_KEY = 'Incorrect API key provided. The Models page makes keys and tells which of them open.'

/** A key in another header gets its own message. */
function missingKey({ authorization, 'x-api-key': other }: IncomingHttpHeaders): string {
  const said =
    authorization || other
      ? 'Your API key could not be read: it must come as Authorization: Bearer KEY.'
      : "You didn't provide an API key. Send it as Authorization: Bearer KEY."
  return `${said} The Providers page shows it, and npm run --silent key prints it.`
}

const PASSED = ['content-type', 'accept', 'idempotency-key'] as const
/** Headers with the length of a body that is passed on unchanged. */
const LENGTH = ['content-length', 'transfer-encoding'] as const

/** Cuts a body that grows past its limit, for clients that do not send its length. */
function limitBody(request: IncomingMessage, limit: number, tooLarge: () => void): void {
  let received = 0
  const count = (chunk: Buffer) => {
    received += chunk.length
    if (received <= limit) return
    request.off('data', count)
    tooLarge()
  }
  request.on('data', count)
}

const GONE = inEnglish('gateway.engineGone').message

const MAYBE_MADE =
  'The engine did not answer. The job may have been created: look at GET /v1/fine_tuning/jobs before you ask again. With an Idempotency-Key asking again is safe.'

/** Whether retrying might make a second job: the first request may have arrived. */
const mayHaveMade = ({ method, url, headers }: IncomingMessage, thrown: Error): boolean =>
  method === 'POST' &&
  /^\/v1\/fine_tuning\/jobs(\?|$)/.test(url ?? '') &&
  !headers['idempotency-key']?.toString().trim() &&
  (thrown as NodeJS.ErrnoException).code !== 'ECONNREFUSED'

function refuseUnanswered(request: IncomingMessage, response: ServerResponse, thrown: Error): void {
  const [message, advice] = mayHaveMade(request, thrown)
    ? [MAYBE_MADE, { 'x-should-retry': 'false' }]
    : [thrown instanceof AppError ? thrown.message : GONE, { 'retry-after': ENGINE_BACK }]
  refuse(response, 502, message, 'engine_unavailable', advice)
}

/** Limits the time from the end of the request to the first byte of its answer. */
function limitWait(call: ClientRequest, patience: number): void {
  call.once('finish', () => {
    const late = setTimeout(() => call.destroy(engineLate()), patience)
    call.once('response', () => clearTimeout(late))
    call.once('close', () => clearTimeout(late))
  })
}

interface Forwarding {
  /** Set if it has been read already. */
  body?: Buffer
  /** Called with the status of the engine's answer. */
  onAnswer?(status: number): void
  /** ms that the engine may take to begin an answer that needs no work. */
  patience?: number
}

/** Forwards a request to the built-in engine, and its answer back. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { body, onAnswer, patience = ENGINE_PATIENCE }: Forwarding = {},
): void {
  const { baseURL, key } = endpoint('embedded')
  const target = new URL(baseURL)
  const path = `${target.pathname}${(request.url ?? '').slice('/v1'.length)}`
  const call = http.request(
    {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path,
      headers: {
        ...passed(request.headers, body ? PASSED : [...PASSED, ...LENGTH], bearer(key.reveal())),
        ...(body ? { 'content-length': body.length } : {}),
        'x-request-id': requestIdOf(response),
      },
    },
    (answer) => {
      onAnswer?.(answer.statusCode ?? 502)
      response.writeHead(answer.statusCode ?? 502, returned(answer.headers))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    },
  )
  const unavailable = (thrown: Error) => refuseUnanswered(request, response, thrown)
  call.on('error', unavailable)
  if (answersAtOnce(request.method ?? '', pathOf(request))) limitWait(call, patience)
  response.on('close', () => call.destroy())
  if (body) {
    call.end(body)
    return
  }
  limitBody(request, bodyLimit(pathOf(request)), () => {
    request.unpipe(call)
    call
      .off('error', unavailable)
      .on('error', () => undefined)
      .destroy()
    refuse(response, 413, inEnglish('gateway.bodyTooLarge').message, 'too_large')
  })
  request.pipe(call)
}

const pathOf = ({ url }: IncomingMessage): string => (url ?? '').split('?', 1)[0] ?? ''

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

interface Caller {
  keyId: string
  /** The model that the address names; null if the body does. */
  deployment: string | null
}

async function serveAnswer(
  caller: Caller,
  path: AnswerPath,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const came = await bodyOf(request, bodyLimit(pathOf(request)))
  if (!(await chat({ ...caller, path, came }, request, response))) forward(request, response, { body: came })
}

/** @throws AppError invalid for a model of another provider */
async function engineModel(asked: string): Promise<string> {
  const { alias, providerId, model } = await targetOf(asked)
  if (providerId === 'embedded') return model
  throw new AppError(
    'invalid',
    ['gateway.notOfTheEngine', { name: alias ?? asked, model, provider: providerId }],
    { param: 'model', facts: { code: 'model_not_available' } },
  )
}

/** Launches and token counts are for the built-in engine's models only, by their own names or by an alias. */
async function serveEngineModel(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const came = await bodyOf(request, bodyLimit(pathOf(request)))
  const asked = chatBodyOf(came.toString('utf8'))
  if (!asked) return forward(request, response, { body: came })
  const model = await engineModel(asked.model)
  forward(request, response, { body: model === asked.model ? came : withModel(asked, model) })
}

/** A model's files, by its own name or by an alias. */
async function serveExport(asked: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, search = ''] = (request.url ?? '').split('?', 2)
  request.url = `/v1/models/${encodeURIComponent(await engineModel(asked))}/export?${search}`
  forward(request, response)
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD'

async function serveModel(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const alias = await aliasModel(name)
  if (alias && isRead(request)) answer(response, alias)
  else if (request.method === 'DELETE') await deleteModel(name, alias !== null, request, response)
  else forward(request, response)
}

async function deleteModel(
  model: string,
  isAlias: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (isAlias)
    throw new AppError('conflict', ['gateway.isAlias', { model }], {
      param: 'model',
    })
  const ref = { providerId: 'embedded' as const, model }
  await refuseAliased(ref)
  forward(request, response, {
    onAnswer(status) {
      if (status >= 300) return
      const id = requestIdOf(response)
      noteDeleted(ref.providerId, model).catch((thrown) => logInternal(failure(thrown), id))
    },
  })
}

async function serveModels(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = modelIn(pathOf(request))
  const [, exported] = /^(.+)\/export$/.exec(name ?? '') ?? []
  if (name === null) refuse(response, 404, 'There is no model with this name.', 'model_not_found')
  else if (exported !== undefined) await serveExport(exported, request, response)
  else if (name !== '') await serveModel(name, request, response)
  else if (isRead(request)) answer(response, await modelsWithAliases())
  else forward(request, response)
}

/** A compressed body cannot be read here, and is not passed on unread. */
function refusePacked({ headers }: IncomingMessage): void {
  const coding = headers['content-encoding']
  if (coding === undefined || coding === 'identity') return
  throw new AppError('unsupported_type', 'gateway.bodyCompressed', {
    facts: { code: 'unsupported_content_encoding' },
  })
}

const ENGINE_MODEL = /^\/v1\/(fine_tuning\/jobs|tokenize)$/

async function serve(caller: Caller, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request)
  recordUse(caller.keyId)
  refusePacked(request)
  const isPost = request.method === 'POST'
  const answers = isPost ? ANSWER_PATHS.find((known) => path === `/v1${known}`) : undefined
  if (answers) await serveAnswer(caller, answers, request, response)
  else if (isPost && ENGINE_MODEL.test(path)) await serveEngineModel(request, response)
  else if (/^\/v1\/models(\/|$)/.test(path)) await serveModels(request, response)
  else forward(request, response)
}

async function admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const given = keyIn(request.headers)
  const keyId = given === null ? null : await keyIdOf(given)
  if (keyId !== null) {
    const { url, deployment } = addressOf(request.url ?? '')
    request.url = url
    return serve({ keyId, deployment }, request, response)
  }
  refuse(response, 401, given === null ? missingKey(request.headers) : WRONG_KEY, 'invalid_api_key')
}

/**
 * Serves `/v1` for the user's own code, straight from the HTTP server: every method needs a valid key. Bytes pass
 * through as they come, with no extra hop for a stream; a caller who leaves ends the work.
 */
export async function serveV1(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = requestIdOf(response)
  try {
    await admit(request, response)
  } catch (thrown) {
    const error = failure(thrown)
    if (!response.destroyed) logInternal(error, id)
    refuseError(response, error)
  }
}
