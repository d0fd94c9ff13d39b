import 'server-only'
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { isKey } from '#lib/access/key.ts'
import { AppError } from '#lib/errors.ts'
import { bodyLimit } from '#lib/http/rules.ts'
import { endpoint } from '#lib/providers/registry.ts'

/** What OpenAI's clients read from a refusal. */
function refuse(response: ServerResponse, status: number, message: string, code: string | null): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const type = status >= 500 ? 'server_error' : 'invalid_request_error'
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(JSON.stringify({ error: { message, type, param: null, code } }))
}

function bearer({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? null
}

const PASSED = ['content-type', 'content-length', 'transfer-encoding', 'accept', 'idempotency-key'] as const

/** Only what the engine needs crosses over; the caller's key never does. */
function outgoing(headers: IncomingHttpHeaders, key: string): http.OutgoingHttpHeaders {
  const passed = PASSED.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as const],
  )
  return { ...Object.fromEntries(passed), authorization: `Bearer ${key}` }
}

const RETURNED = /^(content-|cache-control$|x-request-id$|retry-after$|transfer-encoding$)/

function incoming(headers: IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => RETURNED.test(name) && name !== 'content-security-policy',
  )
  return Object.fromEntries(kept)
}

/** Cuts a body that grows past its limit, for the clients that do not say how long it is. */
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

function forward(request: IncomingMessage, response: ServerResponse): void {
  const { baseURL, key } = endpoint('embedded')
  const target = new URL(baseURL)
  const path = `${target.pathname}${(request.url ?? '').slice('/v1'.length)}`
  const call = http.request(
    {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path,
      headers: outgoing(request.headers, key.reveal()),
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, incoming(answer.headers))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    },
  )
  call.on('error', () =>
    refuse(
      response,
      502,
      'The engine did not answer. It is being started again; ask once more.',
      'engine_unavailable',
    ),
  )
  response.on('close', () => call.destroy())
  limitBody(request, bodyLimit((request.url ?? '').split('?', 1)[0] ?? ''), () => {
    refuse(response, 413, 'The body is larger than this server takes.', 'body_too_large')
    call.destroy()
  })
  request.pipe(call)
}

/**
 * Serves `/v1` for people's own code, straight from the front door: every method needs the key.
 * Bytes pass through as they come, so a streamed answer has no step in between; a caller who leaves ends the engine's work.
 */
export function program(request: IncomingMessage, response: ServerResponse): void {
  const given = bearer(request.headers)
  if (given === null || !isKey(given)) {
    const message =
      given === null
        ? "You didn't provide an API key. The Providers page shows it, and npm run --silent key prints it."
        : 'Incorrect API key provided. The Providers page shows the right one.'
    refuse(response, 401, message, 'invalid_api_key')
    return
  }
  try {
    forward(request, response)
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : null
    refuse(
      response,
      error?.status ?? 500,
      error?.message ?? 'Something went wrong inside Limerick.',
      error?.code ?? null,
    )
  }
}
