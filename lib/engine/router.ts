import { problem } from './problem.ts'

interface Call {
  request: Request
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
    throw problem('invalid', 'The address holds a percent sign that stands for nothing.')
  }
}

/** @throws AppError `not_found` or `method_not_allowed` in OpenAI's words */
export function dispatch(routes: Route[], request: Request): Promise<Response> | Response {
  const url = new URL(request.url)
  const matches = routes.flatMap((route) => {
    const params = match(route.path, url.pathname)
    return params ? [{ route, params }] : []
  })
  const [known] = matches
  const found = matches.find(({ route }) => route.method === request.method)
  if (found) return found.route.answer({ request, url, params: found.params })
  if (known)
    throw problem('method_not_allowed', `Not allowed to ${request.method} on ${url.pathname}.`, {
      code: 'method_not_supported',
    })
  throw problem(
    'not_found',
    `Unknown request URL: ${request.method} ${url.pathname}. Please check the URL for typos.`,
    {
      code: 'unknown_url',
    },
  )
}
