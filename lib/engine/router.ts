import { AppError } from '#lib/core/errors.ts'
import { apiError } from './api-error.ts'
import { notOffered } from './not-offered.ts'

interface Call {
  request: Request
  /** Of the request, for answers that go on after the handler has returned. */
  requestId: string
  url: URL
  /** `:id` of the path, decoded: a model's name may come with raw or with encoded colons. */
  params: Record<string, string>
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE'
  /** Segments after the host; `:name` stands for one of them. */
  path: string
  answer: (call: Call) => Promise<Response> | Response
}

/** @returns the path's parameters, or null when it is another path */
function match(path: string, pathname: string): Record<string, string> | null {
  const wanted = path.split('/')
  const found = pathname.split('/')
  if (wanted.length !== found.length) return null
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const given = found[index] ?? ''
    if (segment.startsWith(':') && given !== '') params[segment.slice(1)] = decode(given)
    else if (segment !== given) return null
  }
  return params
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw apiError('invalid', 'The address holds a percent sign that stands for nothing.')
  }
}

function notAllowed(method: string, pathname: string, routes: readonly Route[]): AppError {
  const allow = routes
    .flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
    .join(', ')
  return new AppError('method_not_allowed', `Not allowed to ${method} on ${pathname}. It takes ${allow}.`, {
    facts: { code: 'method_not_supported', allow },
  })
}

/** @throws AppError `not_found` or `method_not_allowed` in OpenAI's words */
export async function dispatch(routes: Route[], request: Request, requestId: string): Promise<Response> {
  const url = new URL(request.url)
  const matches = routes.flatMap((route) => {
    const params = match(route.path, url.pathname)
    return params ? [{ route, params }] : []
  })
  // Node sends no body in answer to HEAD.
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = matches.find(({ route }) => route.method === method)
  if (found) return found.route.answer({ request, requestId, url, params: found.params })
  if (matches.length > 0)
    throw notAllowed(
      request.method,
      url.pathname,
      matches.map(({ route }) => route),
    )
  throw notOffered(request.method, url.pathname)
}
