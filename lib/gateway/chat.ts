import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { isDefiniteRejection } from '#lib/core/definite-rejection.ts'
import { AppError } from '#lib/core/errors.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { requestIdOf } from '#lib/http/request-id.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import { adapterOf } from '#lib/providers/adapters/of.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { listChatPrices } from '#lib/providers/chat-price-list.ts'
import { chatPrice } from '#lib/providers/prices.ts'
import { lookupWithin } from '#lib/providers/reach.ts'
import { type Endpoint, servedAs } from '#lib/providers/registry.ts'
import { passAnswer } from './answer.ts'
import { openBill } from './billing.ts'
import { type ChatBody, chatBodyOf, type Outgoing, outgoingOf, streams } from './body.ts'
import { type AnswerPath, type Call, end } from './call.ts'
import { ENGINE_BACK, refuse, refuseError, statusOf } from './error-response.ts'
import { passed } from './headers.ts'
import { endpointOf, type Target, targetOf } from './resolve-model.ts'
import { noUsage } from './stream-usage.ts'
import { passRefusal } from './upstream-error.ts'

const isPage = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/html') ?? false

async function refused(call: Call, answer: IncomingMessage): Promise<void> {
  const { providerId } = call.target
  const status = answer.statusCode ?? 502
  try {
    const given = await passRefusal(providerId, answer, call.response)
    await end(call, { outcome: 'failed', status: given, unsent: isDefiniteRejection(status, 'answer') })
  } catch {
    unreachable(call, false)
  }
}

const DISTANT = 'The provider could not be reached, or broke off before it answered.'

/** The provider was not reached. */
const isUnsent = (thrown: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(String((thrown as { code?: unknown } | null)?.code))

function unreachable(call: Call, unsent: boolean): void {
  const embedded = call.target.providerId === 'embedded'
  const code = embedded ? 'engine_unavailable' : 'provider_unreachable'
  const back = embedded ? { 'retry-after': ENGINE_BACK } : {}
  refuse(call.response, 502, embedded ? inEnglish('gateway.engineGone').message : DISTANT, code, back)
  void end(call, { outcome: 'failed', status: 502, unsent })
}

/** An answer had begun and broke off, and nothing has been sent to the caller. */
function broken(call: Call, answer: IncomingMessage, thrown: unknown): void {
  answer.destroy()
  if (call.ended) return
  const error = failure(thrown)
  logInternal(error, call.id)
  refuseError(call.response, error)
  void end(call, { outcome: 'failed', status: statusOf(error) })
}

const NAMES = ['content-type', 'accept', 'idempotency-key'] as const

function send(call: Call, where: Endpoint, { bytes, ownUsage }: Outgoing): void {
  const { request, response, target } = call
  const { baseURL, version, key, reach } = where
  const { auth, answersAt } = adapterOf(target.providerId)
  const { request: open } = baseURL.startsWith('https:') ? https : http
  const headers = {
    ...passed(request.headers, NAMES, auth(key.reveal())),
    'accept-encoding': 'identity',
    'content-length': bytes.length,
    ...(target.providerId === 'embedded' ? { 'x-request-id': call.id } : {}),
  }
  const lookup = reach === null ? {} : { lookup: lookupWithin(reach) }
  const asked = open(
    answersAt(baseURL, call.path, servedAs(where, target.model), version),
    { method: 'POST', headers, ...lookup },
    (answer) => {
      const status = answer.statusCode ?? 502
      if (status >= 300 || isPage(answer)) void refused(call, answer)
      else passAnswer(call, answer, ownUsage).catch((thrown) => broken(call, answer, thrown))
    },
  )
  asked.on('error', (thrown) => {
    if (!call.ended && !response.destroyed) unreachable(call, isUnsent(thrown))
  })
  response.on('close', () => {
    if (response.writableFinished) return
    asked.destroy()
    void end(call, { outcome: 'stopped', status: response.headersSent ? response.statusCode : null })
  })
  asked.end(bytes)
}

/** A background response is fetched later: we would not know which provider has it, or what it cost. */
function refuseBackground({ background }: ChatBody): void {
  if (background !== true) return
  throw new AppError('invalid', 'gateway.background', {
    param: 'background',
    facts: { code: 'unsupported_parameter' },
  })
}

/**
 * Some self-hosted servers reject `stream_options`: sent only when we bill by tokens. Responses report their usage
 * without it.
 */
async function isCounted({ providerId, model }: Target, path: AnswerPath): Promise<boolean> {
  if (path === '/responses') return false
  return (
    capabilitiesOf(providerId).countsStreams || chatPrice(await listChatPrices(), providerId, model) !== null
  )
}

/** The parts of a request. */
interface Asked {
  keyId: string
  path: AnswerPath
  /** The model that the address names; null if the body does. */
  deployment: string | null
  /** The request's body. */
  came: Buffer
}

/**
 * Answers a model call: sends it to the model's provider, passes the bytes on as they come, and logs the call. Of the
 * body only the model's name is changed, and a stream of a provider that bills is asked for its usage; that event is
 * removed unless the caller asked for it.
 * @returns false for an invalid body, which is left to the engine
 * @throws nothing: every error is an answer
 */
export async function chat(
  { keyId, path, deployment, came }: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const began = performance.now()
  const id = requestIdOf(response)
  const text = came.toString('utf8')
  const body = chatBodyOf(text, deployment)
  if (!body) return false
  let call: Call | null = null
  try {
    const target = await targetOf(body.model)
    call = {
      id,
      keyId,
      path,
      request,
      response,
      target,
      text,
      streams: streams(body),
      usage: noUsage(),
      began,
      bill: null,
      ended: false,
    }
    const where = endpointOf(target)
    refuseBackground(body)
    call.bill = await openBill(id, target, body, text)
    const counted = await isCounted(target, path)
    const out = outgoingOf(body, deployment === null ? came : null, servedAs(where, target.model), counted)
    if (response.destroyed) await end(call, { outcome: 'stopped', status: null, unsent: true })
    else send(call, where, out)
  } catch (thrown) {
    const error = failure(thrown)
    logInternal(error, id)
    refuseError(response, error)
    if (call) await end(call, { outcome: 'refused', status: statusOf(error), unsent: true })
  }
  return true
}
