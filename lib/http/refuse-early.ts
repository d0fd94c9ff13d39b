import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** How long a refusal waits for the rest of a body, in ms; and how long it then reads on, so that it is not lost. */
const LINGER = 10_000

/** A client that has sent nothing for this long waits for the answer, in ms. */
const SILENCE = 2_000

/**
 * Reads the rest of a body and drops it: clients that are answered while they still send often see a broken connection
 * instead of the answer.
 * @returns whether the body was read to its end, in time
 */
function dropBody(request: IncomingMessage): Promise<boolean> {
  if (request.readableEnded || request.destroyed) return Promise.resolve(request.readableEnded)
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(silent)
      clearTimeout(late)
      request.off('data', heard).off('end', done).off('close', done)
      resolve(request.readableEnded)
    }
    const silent = setTimeout(done, SILENCE)
    const late = setTimeout(done, LINGER)
    const heard = () => silent.refresh()
    request.on('data', heard).once('end', done).once('close', done).resume()
  })
}

/** Answers a client that still sends: the connection stays open until it has ended, so that the answer is read. */
function answerAndLinger(response: ServerResponse, text: string): void {
  const request = response.req
  response.write(text)
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, LINGER)
  request.once('end', end).once('close', end).resume()
}

/**
 * Answers with JSON once the request's body has been read and dropped; the connection then serves the next request. A body
 * that takes too long is answered before its end, and its connection is closed.
 */
export async function refuseEarly(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): Promise<void> {
  const whole = await dropBody(response.req)
  if (response.destroyed || response.headersSent) return
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
    'content-length': Buffer.byteLength(text),
    ...(whole ? {} : { connection: 'close' }),
  })
  if (whole) response.end(response.req.method === 'HEAD' ? undefined : text)
  else answerAndLinger(response, text)
}
