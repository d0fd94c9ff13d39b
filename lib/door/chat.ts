import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { AppError } from '#lib/errors.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { newId } from '#lib/ids.ts'
import { listChatPrices } from '#lib/providers/chat-price-book.ts'
import { chatPrice } from '#lib/providers/prices.ts'
import { type Endpoint, endpoint } from '#lib/providers/registry.ts'
import { type Bill, closeBill, openBill, promptTokensIn, tokensIn } from './bill.ts'
import { type ChatBody, chatBodyOf, type Outgoing, outgoingOf } from './body.ts'
import { passed, returned } from './headers.ts'
import { type Heard, hearAnswer, listen, nothingHeard } from './hear.ts'
import { recordCall } from './record.ts'
import { refuse, refuseError, statusOf } from './refusal.ts'
import type { CallRecord } from './store.ts'
import { type Target, targetOf } from './target.ts'
import { passRefusal } from './upstream-refusal.ts'

/** Characters of a plain answer that are read for its usage. */
const MOST_READ = 16 * 1024 * 1024

/** A request for an answer on its way. */
interface Call {
  keyId: string
  request: IncomingMessage
  response: ServerResponse
  target: Target
  text: string
  heard: Heard
  /** As performance.now() tells it. */
  began: number
  bill: Bill | null
  /** Set once: how it ended is written once. */
  ended: boolean
}

interface Ending {
  outcome: 'finished' | 'interrupted' | 'stopped' | 'failed' | 'refused'
  status: number | null
  /** The provider certainly did nothing. */
  unsent?: boolean
}

/** Tokens as they were counted, else as their characters suggest; of a refused call there are none. */
function tokensOf({ heard, text }: Call, { outcome }: Ending) {
  const counted = heard.promptTokens !== null && heard.completionTokens !== null
  const answered = counted || heard.written > 0
  if (!answered || outcome === 'refused')
    return { prompt_tokens: null, completion_tokens: null, estimated: 0 }
  return {
    prompt_tokens: heard.promptTokens ?? promptTokensIn(text),
    completion_tokens: heard.completionTokens ?? tokensIn(heard.written),
    estimated: counted ? 0 : 1,
  }
}

const rowOf = (call: Call, ending: Ending, cost: number | null): CallRecord => ({
  id: call.bill?.id ?? newId('call_'),
  key_id: call.keyId,
  alias: call.target.alias,
  provider_id: call.target.providerId,
  model: call.target.model,
  reported_model: call.heard.model,
  outcome: ending.outcome,
  status: ending.status,
  finish_reason: call.heard.finishReason,
  ...tokensOf(call, ending),
  cost,
  first_token_ms: call.heard.firstTokenMs,
  total_ms: performance.now() - call.began,
  at: Date.now(),
})

/** Settles what it cost and writes down how it went; whoever is told second says nothing. */
async function end(call: Call, ending: Ending): Promise<void> {
  if (call.ended) return
  call.ended = true
  try {
    recordCall(rowOf(call, ending, await closeBill(call.bill, call.heard, ending.unsent ?? false)))
  } catch (thrown) {
    logInternal(failure(thrown))
  }
}

/** Such a refusal was never acted on, and is not billed. */
const isCertainNo = (status: number): boolean => status >= 300 && status < 500 && status !== 408

const isStream = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.includes('event-stream') ?? false

const isPage = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/html') ?? false

/** In a header only what is printable ASCII may stand. */
const plain = (name: string): string => (/^[\x21-\x7e]+$/.test(name) ? name : encodeURIComponent(name))

function headOf({ target }: Call, answer: IncomingMessage, changed: boolean): http.OutgoingHttpHeaders {
  const headers = returned(answer.headers)
  // What is left out of a stream is missing from its length too.
  if (changed) delete headers['content-length']
  if (target.alias === null) return headers
  return { ...headers, 'x-limerick-alias': target.alias, 'x-limerick-model': plain(target.model) }
}

/** Hands part after part on, no faster than the caller takes them. */
function pass(
  answer: IncomingMessage,
  response: ServerResponse,
  take: (part: Buffer) => Buffer | string,
): void {
  answer.on('data', (part: Buffer) => {
    const kept = take(part)
    if (kept.length === 0 || response.write(kept)) return
    answer.pause()
    response.once('drain', () => answer.resume())
  })
}

/** How an answer that came to an end by itself did so. */
function endingOf({ heard }: Call, status: number): Ending {
  if (heard.whole) return { outcome: 'finished', status }
  return { outcome: heard.failed && heard.written === 0 ? 'failed' : 'interrupted', status }
}

function passStream(call: Call, answer: IncomingMessage, ownUsage: boolean): void {
  const { response, heard, began } = call
  const ear = listen(heard, began, ownUsage)
  pass(answer, response, (part) => (ownUsage ? ear.take(part) : part))
  // Written first where nothing is kept back: reading must not delay.
  if (!ownUsage) answer.on('data', (part: Buffer) => ear.take(part))
  answer.on('end', () => {
    response.end(ear.last())
    void end(call, endingOf(call, answer.statusCode ?? 200))
  })
}

function passWhole(call: Call, answer: IncomingMessage): void {
  const { response, heard, began } = call
  const parts: Buffer[] = []
  let received = 0
  pass(answer, response, (part) => {
    received += part.length
    if (received <= MOST_READ) parts.push(part)
    return part
  })
  answer.on('end', () => {
    response.end()
    hearAnswer(heard, Buffer.concat(parts).toString('utf8'), began)
    void end(call, endingOf(call, answer.statusCode ?? 200))
  })
}

function passAnswer(call: Call, answer: IncomingMessage, ownUsage: boolean): void {
  const { response } = call
  response.writeHead(answer.statusCode ?? 200, headOf(call, answer, ownUsage))
  answer.on('error', () => {
    response.destroy()
    void end(call, { outcome: 'interrupted', status: answer.statusCode ?? null })
  })
  if (!isStream(answer)) {
    passWhole(call, answer)
    return
  }
  // A caller learns that its answer has begun before the first word is there.
  response.flushHeaders()
  passStream(call, answer, ownUsage)
}

async function refused(call: Call, answer: IncomingMessage): Promise<void> {
  const { providerId } = call.target
  const status = answer.statusCode ?? 502
  try {
    const given = await passRefusal(providerId, answer, call.response)
    await end(call, { outcome: 'failed', status: given, unsent: isCertainNo(status) })
  } catch {
    unreachable(call, false)
  }
}

const WORDS = {
  embedded: 'The engine did not answer. It is being started again; ask once more.',
  distant: 'The provider could not be reached, or broke off before it answered.',
}

/** The provider was not even met. */
const isUnsent = (thrown: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(String((thrown as { code?: unknown } | null)?.code))

function unreachable(call: Call, unsent: boolean): void {
  const embedded = call.target.providerId === 'embedded'
  const code = embedded ? 'engine_unavailable' : 'provider_unreachable'
  refuse(call.response, 502, embedded ? WORDS.embedded : WORDS.distant, code)
  void end(call, { outcome: 'failed', status: 502, unsent })
}

const NAMES = ['content-type', 'accept', 'idempotency-key'] as const

function send(call: Call, { baseURL, key }: Endpoint, { bytes, ownUsage }: Outgoing): void {
  const { request, response } = call
  const { request: open } = baseURL.startsWith('https:') ? https : http
  const headers = { ...passed(request.headers, NAMES, key.reveal()), 'content-length': bytes.length }
  const asked = open(
    `${baseURL.replace(/\/$/, '')}/chat/completions`,
    { method: 'POST', headers },
    (answer) => {
      const status = answer.statusCode ?? 502
      if (status >= 300 || isPage(answer)) void refused(call, answer)
      else passAnswer(call, answer, ownUsage)
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

/** A server of one's own may not know the wish to be told its usage; it is asked where money depends on it. */
async function isCounted({ providerId, model }: Target): Promise<boolean> {
  return providerId !== 'compatible' || chatPrice(await listChatPrices(), providerId, model) !== null
}

/**
 * Answers a request for an answer: sends it where its model's name leads, hands the bytes on as they come, and writes down
 * what it took. Of the body only the model's name is changed, and a stream of a provider that counts is asked to tell its
 * usage; that event is kept from a caller who did not ask for it.
 * @param came the request's body
 * @returns false for a body that is no request, which nothing was done about
 * @throws nothing: every refusal is an answer
 */
export async function chat(
  keyId: string,
  request: IncomingMessage,
  response: ServerResponse,
  came: Buffer,
): Promise<boolean> {
  const began = performance.now()
  const text = came.toString('utf8')
  const body: ChatBody | null = chatBodyOf(text)
  if (!body) return false
  const target = await targetOf(body.model)
  const call: Call = {
    ...{ keyId, request, response, target, text, began },
    ...{ heard: nothingHeard(), bill: null, ended: false },
  }
  try {
    const where = endpoint(target.providerId)
    call.bill = await openBill(target, body, text)
    const out = outgoingOf(body, came, target.model, await isCounted(target))
    if (response.destroyed) await end(call, { outcome: 'stopped', status: null, unsent: true })
    else send(call, where, out)
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : failure(thrown)
    logInternal(error)
    refuseError(response, error)
    await end(call, { outcome: 'refused', status: statusOf(error), unsent: true })
  }
  return true
}
