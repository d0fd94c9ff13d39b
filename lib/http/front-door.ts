import { randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { AppError } from '#lib/core/errors.ts'
import { failure, logInternal } from './failure.ts'
import { typeOf } from './openai-error.ts'
import { refuseEarly } from './refuse-early.ts'
import {
  bodyLimit,
  isDataPath,
  isPlainPath,
  isProgramPath,
  methodsOf,
  type OwnAddresses,
  ownAddresses,
  refusal,
  strip,
} from './request-guard.ts'
import { requestIdOf } from './request-id.ts'
import { DATA_POLICY, pagePolicy, protect } from './security-headers.ts'
import { refuseUnreadable } from './unreadable.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

export interface Rooms {
  /** Pages and the studio's JSON API. */
  pages: Listener
  /** `/v1`, for programs. */
  serveV1: Listener
  /** Whether a request for a page or for JSON comes from the owner; if not, it sends the response. */
  admit: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

/** How long a client may take to send its headers, in ms. */
const HEADERS_TIMEOUT = 15_000

/** How long a connection may be idle until its request has been read completely, in ms. */
const IDLE_TIMEOUT = 120_000

/** ms of silence before TCP keep-alive probes. */
const PROBE_AFTER = 60_000

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

/** Error body in the shape that clients of this path expect: OpenAI's clients read `type`. */
function bodyOf(error: AppError, path: string): unknown {
  if (!isProgramPath(path)) return error.toWire()
  const { code, message, param = null, status } = error
  return { error: { message, type: typeOf(status), param, code } }
}

function deny(request: IncomingMessage, response: ServerResponse, error: AppError): void {
  const path = pathOf(request)
  const allow = error.code === 'method_not_allowed' ? { allow: methodsOf(path).join(', ') } : {}
  void refuseEarly(response, error.status, bodyOf(error, path), allow)
}

/** A body needs a content-length, except at `/v1`, where the gateway counts the bytes. */
function refuseBody(request: IncomingMessage, path: string): AppError | null {
  const limit = bodyLimit(path)
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > limit) return new AppError('too_large', ['http.bodyTooLarge', { bytes: length, limit }])
  if (request.headers['transfer-encoding'] && !isProgramPath(path)) {
    return new AppError('invalid', 'http.lengthMissing')
  }
  return null
}

/** Checks path and Host before any rule uses the path. */
function refuseHead(request: IncomingMessage, path: string): AppError | null {
  if (!isPlainPath(path)) return new AppError('invalid', 'http.pathNotPlain')
  // Node takes the first of two; later code might take the last.
  return (request.headersDistinct.host?.length ?? 0) > 1 ? new AppError('invalid', 'http.twoHosts') : null
}

const isAsset = (path: string): boolean => path.startsWith('/_next/static/') || path.startsWith('/samples/')

function setPageHeaders(request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64')
  const policy = pagePolicy(nonce)
  request.headers['content-security-policy'] = policy
  request.headers['x-nonce'] = nonce
  protect(response, policy)
  response.setHeader('cache-control', 'no-store')
}

/** Next sets each header of a route as an array of one; its own compression then does not recognise the media type. */
function plainHeaders(response: ServerResponse): void {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    set(name, Array.isArray(value) && value.length === 1 ? String(value[0]) : value)
}

function refuse(request: IncomingMessage, path: string, own: OwnAddresses): AppError | null {
  const head = refuseHead(request, path)
  if (head) return head
  const refused = refusal(request.method ?? '', path, request.headers, own)
  return refused ? new AppError(refused.code, refused.words) : refuseBody(request, path)
}

async function isAdmitted(
  request: IncomingMessage,
  response: ServerResponse,
  rooms: Rooms,
): Promise<boolean> {
  try {
    return await rooms.admit(request, response)
  } catch (thrown) {
    const error = failure(thrown)
    logInternal(error)
    deny(request, response, error)
    return false
  }
}

/** No idle timeout while the answer is prepared: reasoning models need minutes. A client that gives up disconnects. */
function waitForAnswer(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  request.once('end', () => {
    // The self-check uses a stream that is not a socket and has no timeouts.
    if (socket instanceof Socket && !response.writableFinished) socket.setTimeout(0)
  })
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  rooms: Rooms,
  own: OwnAddresses,
): Promise<unknown> {
  const path = pathOf(request)
  protect(response, DATA_POLICY)
  waitForAnswer(request, response)
  if (isProgramPath(path)) requestIdOf(response)
  const refused = refuse(request, path, own)
  if (refused) return deny(request, response, refused)
  strip(request.headers)
  if (isProgramPath(path)) {
    response.setHeader('cache-control', 'no-store')
    return rooms.serveV1(request, response)
  }
  if (!(await isAdmitted(request, response, rooms))) return
  if (isDataPath(path)) {
    response.setHeader('cache-control', 'no-store')
    plainHeaders(response)
  } else if (!isAsset(path)) setPageHeaders(request, response)
  return rooms.pages(request, response)
}

/**
 * Checks each request (plain path, Host list, method and origin rules, body limits, the owner), strips and sets headers, and
 * then calls the handler of its path.
 * @param port in the addresses under which browsers reach this server
 */
export function frontDoor(rooms: Rooms, port: number): RequestListener {
  const own = ownAddresses(port)
  return (request, response) => {
    void receive(request, response, rooms, own)
  }
}

/**
 * Creates the HTTP server. Uploads may take long, so an idle timeout ends a connection, not a total time. Upgrade and Expect
 * headers are ignored and the request is answered (Java's HTTP client offers HTTP/2 this way).
 */
export function serve(listener: RequestListener): Server {
  const limits = { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT }
  const server = http.createServer(
    {
      ...limits,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER,
      // Node would answer without a body; our own rule says what is missing.
      requireHostHeader: false,
      shouldUpgradeCallback: () => false,
    },
    listener,
  )
  server.setTimeout(IDLE_TIMEOUT)
  refuseUnreadable(server)
  server.on('checkExpectation', listener)
  // Before Node 24.9 nothing else keeps Next from handling upgrades.
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.on('connect', (_request, socket) => socket.destroy())
  return server
}
