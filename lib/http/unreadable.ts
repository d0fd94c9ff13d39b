import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { newId } from '#lib/core/ids.ts'
import { typeOf } from './openai-error.ts'

/** Node's error code: the status, and what to do about it. */
const KNOWN: Record<string, [status: number, words: string]> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'The headers of this request are larger than 16 KB in all. Send fewer or shorter ones.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The headers of this request did not arrive in time. Send it again.'],
}
const MALFORMED: [number, string] = [400, 'This request is not HTTP/1.1 as it should be, so it was not read.']

function answerTo(code: string | undefined): string {
  const [status, message] = KNOWN[code ?? ''] ?? MALFORMED
  const body = JSON.stringify({
    error: { message, type: typeOf(status), param: null, code: 'unreadable_request' },
  })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    `x-request-id: ${newId('req_')}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

/** Answers requests that Node cannot parse, in OpenAI's shape: without a path the kind of client is unknown. */
export function refuseUnreadable(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => answers.set(request.socket, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const current = answers.get(socket)
    const isFree = !current || current.writableFinished || !current.headersSent
    if (socket.writable && isFree && error.code !== 'ECONNRESET') socket.end(answerTo(error.code))
    else socket.destroy()
  })
}
