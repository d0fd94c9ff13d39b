import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { AppError } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { scrub, withoutKeys } from '#lib/http/secrets.ts'
import { tooBig } from '#lib/providers/fetch.ts'
import { brokeOff } from '#lib/providers/request.ts'
import { type Call, type Ending, end } from './call.ts'
import { errorOf } from './error-response.ts'
import { advice } from './headers.ts'
import { listen, usageOfAnswer } from './stream-usage.ts'

const MB = 1024 * 1024

/** Bytes of a plain answer: it is read whole, so that a broken one becomes an error with a message. */
const MOST_ANSWER = 32 * MB

const typeIn = ({ headers }: IncomingMessage): string => headers['content-type'] ?? ''

/** A caller that asked for a stream gets one, whatever type the provider gives. */
const isStream = ({ streams }: Call, answer: IncomingMessage): boolean =>
  typeIn(answer).includes('event-stream') || (streams && !/\bjson\b/i.test(typeIn(answer)))

/** Header values must be printable ASCII. */
const plain = (name: string): string => (/^[\x21-\x7e]+$/.test(name) ? name : encodeURIComponent(name))

const TYPE = /^[\w.+-]+\/[\w.+-]+( *; *charset=[\w-]+)?$/

/** The provider's own content type, if it is valid. */
function mediaType(answer: IncomingMessage, usual: string): string {
  const type = typeIn(answer)
  return type.length <= 100 && TYPE.test(type) && withoutKeys(type) === type ? type : usual
}

/** Every header is ours but the advice: a provider may repeat a key in its headers. */
function headOf({ target }: Call, type: string, answer: IncomingMessage): OutgoingHttpHeaders {
  const head = { ...advice(answer.headers), 'content-type': type, 'cache-control': 'no-store' }
  if (target.alias === null) return head
  return { ...head, 'x-limerick-alias': target.alias, 'x-limerick-model': plain(target.model) }
}

/** The outcome of an answer that came to its end. */
function endingOf({ usage }: Call, status: number): Ending {
  if (usage.whole) return { outcome: 'finished', status }
  return { outcome: usage.failed && usage.written === 0 ? 'failed' : 'interrupted', status }
}

/** Ends a stream that cannot go on with an error event: its status has been sent. */
function breakOff({ response }: Call, thrown: unknown): void {
  const error = errorOf(failure(thrown))
  response.end(`data: ${JSON.stringify({ error })}\n\n`)
}

/** ms of silence in a stream before a heartbeat is sent: proxies cut silent connections. */
const HEARTBEAT = 15_000

/** Writes a comment, which every event reader skips, when nothing else was written for a while. */
function startHeartbeat(response: ServerResponse): NodeJS.Timeout {
  const beat = setTimeout(() => {
    if (!response.writableNeedDrain && !response.writableEnded) response.write(': \n\n')
    beat.refresh()
  }, HEARTBEAT)
  response.once('close', () => clearTimeout(beat)).once('finish', () => clearTimeout(beat))
  return beat
}

/** Passes event after event on, no faster than the caller takes them. */
function passStream(call: Call, answer: IncomingMessage, ownUsage: boolean): void {
  const { response, usage, began } = call
  const status = answer.statusCode ?? 200
  const listener = listen(usage, began, ownUsage)
  response.writeHead(status, headOf(call, mediaType(answer, 'text/event-stream'), answer))
  // The caller learns that its answer has begun before the first token.
  response.flushHeaders()
  const beat = startHeartbeat(response)
  answer.on('error', (thrown) => {
    if (call.ended) return
    breakOff(call, brokeOff(thrown))
    void end(call, { outcome: 'interrupted', status })
  })
  answer.on('data', (part: Buffer) => {
    if (call.ended) return
    try {
      const kept = listener.take(part)
      if (kept.length === 0) return
      beat.refresh()
      if (response.write(kept)) return
      answer.pause()
      response.once('drain', () => answer.resume())
    } catch (thrown) {
      breakOff(call, thrown)
      void end(call, { outcome: 'interrupted', status })
      answer.destroy()
    }
  })
  answer.on('end', () => {
    if (call.ended) return
    response.end(listener.last())
    void end(call, endingOf(call, status))
  })
}

async function bytesWithin(answer: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let received = 0
  for await (const part of answer) {
    received += part.length
    if (received > MOST_ANSWER) throw tooBig(MOST_ANSWER)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** @throws AppError provider_refused for an answer that is too large; provider_unreachable for one that breaks off */
async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  try {
    return await bytesWithin(answer)
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : brokeOff(thrown)
  }
}

async function passWhole(call: Call, answer: IncomingMessage): Promise<void> {
  const { response, usage, began } = call
  const status = answer.statusCode ?? 200
  const kept = usageOfAnswer(usage, await bytesOf(answer), began)
  const head = headOf(call, mediaType(answer, 'application/json'), answer)
  response.writeHead(status, { ...head, 'content-length': kept.length })
  response.end(kept)
  await end(call, endingOf(call, status))
}

const packed = ({ headers }: IncomingMessage): AppError =>
  new AppError('provider_refused', [
    'gateway.packed',
    { encoding: scrub(String(headers['content-encoding']), 20) },
  ])

/**
 * Passes an answer on, without any key that it may repeat.
 * @param ownUsage only we asked for its usage: it is removed
 * @throws AppError provider_refused or provider_unreachable while nothing has been sent to the caller
 */
export async function passAnswer(call: Call, answer: IncomingMessage, ownUsage: boolean): Promise<void> {
  if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') throw packed(answer)
  if (isStream(call, answer)) passStream(call, answer, ownUsage)
  else await passWhole(call, answer)
}
