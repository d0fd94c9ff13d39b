import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** How long a refusal waits for the rest of a body, in ms, and how long it reads on after answering. */
const LINGER = 10_000

/** A client that sends nothing for this long is waiting for the answer, in ms. */
const SILENCE = 2_000

/**
 * Reads the rest of a body and drops it: a client that is answered while it still sends often sees a broken connection
 * instead of the answer.
 * @returns whether the body ended in time
 */
function dropBody(request: IncomingMessage): Promise<boolean> {
  if (request.readableEnded || request.destroyed) return Promise.resolve(request.readableEnded)
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(silent)
      clearTimeout(late)
      request.off('data', extend).off('end', done).off('close', done)
      resolve(request.readableEnded)
    }
    const silent = setTimeout(done, SILENCE)
    const late = setTimeout(done, LINGER)
    const extend = () => silent.refresh()
    request.on('data', extend).once('end', done).once('close', done).resume()
  })
}

/** Answers a client that is still sending; keeps the connection open until it stops, so that it reads the answer. */
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
 * Reads and drops the request's body, then answers with JSON; the connection can serve the next request. If the body takes
 * too long, answers before its end and closes the connection.
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
