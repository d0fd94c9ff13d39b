import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** Most bytes sent, so that a reader without a limit fails the test, not the machine. */
const FLOOD = 200 * 1024 * 1024

const MB = 1024 * 1024

/** An OpenAI-compatible server with endless answers; the model's name selects the kind. */
export interface FloodProvider {
  baseURL: string
  /** Bytes that the reader of the last answer received, once it has disconnected or the answer has ended. */
  sent(): Promise<number>
  close(): Promise<void>
}

const chunk = { choices: [{ index: 0, delta: { content: 'It is ' }, finish_reason: null }] }
const token = `data: ${JSON.stringify(chunk)}\n\n`

/** Content type, beginning, and the repeated part. */
const FLOODS: Record<string, [type: string, first: string, again: Buffer]> = {
  line: ['text/event-stream', `${token}data: {"x":"`, Buffer.alloc(MB, 'x')],
  event: ['text/event-stream', token, Buffer.from('data: x\n'.repeat(MB / 8))],
  'line-as-text': ['text/plain', `${token}data: {"x":"`, Buffer.alloc(MB, 'x')],
  'line-as-json': ['application/json', '{"x":"', Buffer.alloc(MB, 'x')],
  comments: ['text/event-stream', token, Buffer.from(`: ${'x'.repeat(1_020)}\n\n`.repeat(1_024))],
  body: ['application/json', '{"x":"', Buffer.alloc(MB, 'x')],
}

export const KINDS = Object.keys(FLOODS)

async function pour(response: ServerResponse, again: Buffer): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  for (let sent = 0; sent < FLOOD && !response.destroyed; sent += again.length)
    if (!response.write(again)) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined)
  response.end()
}

export async function startFloodProvider(): Promise<FloodProvider> {
  let over = Promise.withResolvers<number>()
  const server = http.createServer(async (request, response) => {
    const { model } = (await json(request)) as { model: string }
    const [type, first, again] = FLOODS[model] ?? ['text/plain', '', Buffer.alloc(0)]
    const { socket } = request
    response.on('close', () => over.resolve(socket.bytesWritten))
    response.writeHead(200, { 'content-type': type })
    response.write(first)
    await pour(response, again)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async sent() {
      const bytes = await over.promise
      over = Promise.withResolvers()
      return bytes
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
