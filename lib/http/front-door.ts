import { randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { AppError } from '#lib/core/errors.ts'
import { failure, logInternal } from './failure.ts'
import { typeOf } from './openai-error.ts'
import { refuseEarly } from './refuse-early.ts'
import {
  bodyLimit,
  type House,
  house,
  isDataPath,
  isPlainPath,
  isProgramPath,
  methodsOf,
  refusal,
  strip,
} from './request-guard.ts'
import { requestIdOf } from './request-id.ts'
import { DATA_POLICY, pagePolicy, protect } from './security-headers.ts'
import { refuseUnreadable } from './unreadable.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

export interface Rooms {
  /** Pages and the studio's own JSON. */
  pages: Listener
  /** `/v1`, for programs. */
  program: Listener
  /** Whether a request for a page or for JSON comes from the owner; answers it otherwise. */
  admit: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

/** How long a client may take to send its headers, in ms. */
const HEADERS_TIMEOUT = 15_000

/** How long a connection may stay without a byte either way while its request has not been read whole, in ms. */
const IDLE_TIMEOUT = 120_000

/** ms until the system asks whether the other end of a silent connection is still there. */
const PROBE_AFTER = 60_000

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

/** A refusal as the reader of this path expects it: OpenAI's clients look for a `type`. */
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

/** A body must say how long it is, except where the door itself counts. */
function refuseBody(request: IncomingMessage, path: string): AppError | null {
  const limit = bodyLimit(path)
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > limit) return new AppError('too_large', ['http.bodyTooLarge', { bytes: length, limit }])
  if (request.headers['transfer-encoding'] && !isProgramPath(path)) {
    return new AppError('invalid', 'http.lengthMissing')
  }
  return null
}

/** What is wrong with the head of a request, before anything is decided by its path. */
function refuseHead(request: IncomingMessage, path: string): AppError | null {
  if (!isPlainPath(path)) return new AppError('invalid', 'http.pathNotPlain')
  // Node takes the first of two; a reader behind us might take the last.
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

/** Next sets each header of a route's answer as a list of one, which its own packing takes for no known type. */
function plainHeaders(response: ServerResponse): void {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    set(name, Array.isArray(value) && value.length === 1 ? String(value[0]) : value)
}

function refuse(request: IncomingMessage, path: string, ours: House): AppError | null {
  const head = refuseHead(request, path)
  if (head) return head
  const refused = refusal(request.method ?? '', path, request.headers, ours)
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

/** An answer takes as long as the work behind it: reasoning models need minutes. A caller who gives up hangs up. */
function waitForAnswer(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  request.once('end', () => {
    // The check of ourselves comes over a stream that is no socket, and has no limits.
    if (socket instanceof Socket && !response.writableFinished) socket.setTimeout(0)
  })
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  rooms: Rooms,
  ours: House,
): Promise<unknown> {
  const path = pathOf(request)
  protect(response, DATA_POLICY)
  waitForAnswer(request, response)
  if (isProgramPath(path)) requestIdOf(response)
  const refused = refuse(request, path, ours)
  if (refused) return deny(request, response, refused)
  strip(request.headers)
  if (isProgramPath(path)) {
    response.setHeader('cache-control', 'no-store')
    return rooms.program(request, response)
  }
  if (!(await isAdmitted(request, response, rooms))) return
  if (isDataPath(path)) {
    response.setHeader('cache-control', 'no-store')
    plainHeaders(response)
  } else if (!isAsset(path)) setPageHeaders(request, response)
  return rooms.pages(request, response)
}

/**
 * The one door: plain path, Host list, method and origin rules, body limits, header strip, security headers and the owner,
 * then the room.
 * @param port under which the world knows this server
 */
export function frontDoor(rooms: Rooms, port: number): RequestListener {
  const ours = house(port)
  return (request, response) => {
    void receive(request, response, rooms, ours)
  }
}

/**
 * A server for the door. Uploads may take long, so it is idleness that ends a connection, not a total time. What HTTP lets
 * a client offer or expect in vain (Java's own asks for HTTP/2 this way) is passed over, and the request answered.
 */
export function serve(door: RequestListener): Server {
  const limits = { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT }
  const server = http.createServer(
    {
      ...limits,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER,
      // Without it the rules refuse the request, in words.
      requireHostHeader: false,
      shouldUpgradeCallback: () => false,
    },
    door,
  )
  server.setTimeout(IDLE_TIMEOUT)
  refuseUnreadable(server)
  server.on('checkExpectation', door)
  // Before Node 24.9 there is no other way to keep Next from taking it.
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.on('connect', (_request, socket) => socket.destroy())
  return server
}
