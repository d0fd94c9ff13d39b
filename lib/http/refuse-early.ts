import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** How long the rest of a refused body is read and dropped, in ms. */
const LINGER = 10_000

/**
 * Answers with JSON and closes the connection, whether or not the request's body has arrived. The rest of the body is read
 * first: closing at once would reset the connection, and a client that still sends would see that instead of the answer.
 */
export function refuseEarly(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  })
  response.write(text)
  const request = response.req
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, LINGER)
  if (request.readableEnded || request.destroyed) end()
  else request.once('end', end).once('close', end).resume()
}
