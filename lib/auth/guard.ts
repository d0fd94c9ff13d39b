import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '#lib/core/errors.ts'
import { env } from '#lib/env.ts'
import { refuseEarly } from '#lib/http/refuse-early.ts'
import { isDataPath } from '#lib/http/request-guard.ts'
import { protect } from '#lib/http/security-headers.ts'
import { chooseLocale } from '#lib/i18n/choose-locale.ts'
import { isOwnUser } from './own-user.ts'
import { hasSession, openSession } from './sessions.ts'
import { SIGN_IN_POLICY, signInPage } from './sign-in-page.ts'
import { isToken } from './token.ts'

const isOwner = async ({ headers, socket }: IncomingMessage): Promise<boolean> =>
  hasSession(headers.cookie) || (await isOwnUser(socket))

/** The shipped samples are the same in every copy of Limerick; code examples fetch them without a session. */
const isPublic = (path: string): boolean => path.startsWith('/samples/')

const asksForPage = ({ url = '' }: IncomingMessage): boolean => !isDataPath(url) && !url.startsWith('/_next/')

function showSignIn({ headers }: IncomingMessage, response: ServerResponse): void {
  protect(response, SIGN_IN_POLICY)
  // A link on another site arrives without our SameSite cookie; reloading the address from our own page sends it.
  if (headers['sec-fetch-site'] === 'cross-site') response.setHeader('refresh', '0')
  response.writeHead(401, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(signInPage(env().port, chooseLocale({ get: (name) => String(headers[name] ?? '') })))
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  if (asksForPage(request)) showSignIn(request, response)
  else {
    const error = new AppError('unauthorized', 'auth.unknownCaller')
    void refuseEarly(response, error.status, error.toWire())
  }
}

/** The token of an opened address, or null. */
function tokenOf({ method, url = '/' }: IncomingMessage): string | null {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  return method === 'GET' && pathname === '/' ? searchParams.get('token') : null
}

/**
 * Exchanges the token for a session and redirects to the address without it. The owner's own processes need no session:
 * their browser would also send its cookie to other users' servers, on other ports of localhost.
 */
async function signIn(request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  const owner = await isOwner(request)
  if (!owner && !isToken(token)) {
    refuse(request, response)
    return
  }
  if (!owner) response.setHeader('set-cookie', openSession())
  response.writeHead(303, { location: '/', 'cache-control': 'no-store' })
  response.end()
}

/**
 * Admits the owner: a browser with a session, or a connection that the system attributes to our own user.
 * @returns whether the request may go on; otherwise it has been answered
 */
export async function admit(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const token = tokenOf(request)
  if (token !== null) {
    await signIn(request, response, token)
    return false
  }
  if (isPublic(request.url ?? '') || (await isOwner(request))) return true
  refuse(request, response)
  return false
}
