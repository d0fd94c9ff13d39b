import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode, ErrorWords } from '#lib/core/errors.ts'

/** Why a request is refused. */
export interface Refusal {
  code: ErrorCode
  words: ErrorWords
}

/** The addresses of this server. */
export interface OwnAddresses {
  /** Accepted Host headers, `host:port` in lower case. */
  hosts: ReadonlySet<string>
  /** Origins of our own pages. */
  origins: ReadonlySet<string>
}

const SAFE = ['GET', 'HEAD', 'OPTIONS']
const METHODS = [...SAFE, 'POST', 'PUT', 'PATCH', 'DELETE']

/** Pages and files are read-only: a form posted to a page never reaches Next. */
const PAGE_METHODS = ['GET', 'HEAD']

/** The addresses of a loopback server; without a port too when it is HTTP's default. */
export function ownAddresses(port: number): OwnAddresses {
  const names = ['localhost', '127.0.0.1', '[::1]']
  const suffixes = port === 80 ? ['', ':80'] : [`:${port}`]
  const hosts = names.flatMap((name) => suffixes.map((suffix) => `${name}${suffix}`))
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `http://${host}`)) }
}

const refused = (code: ErrorCode, words: ErrorWords): Refusal => ({ code, words })

const CROSS_SITE = refused('forbidden', 'http.crossSite')

/** `/v1` is for programs: browsers always send one of these headers and are refused. */
function refuseProgram({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): Refusal | null {
  if (origin === undefined && site === undefined) return null
  return refused('forbidden', 'http.programsOnly')
}

function refusePage(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  { origins }: OwnAddresses,
): Refusal | null {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined && !origins.has(origin)) return CROSS_SITE
  if (SAFE.includes(method)) {
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
    return foreign && isDataPath(path) ? CROSS_SITE : null
  }
  if (site !== undefined) return site === 'same-origin' ? null : CROSS_SITE
  return origin === undefined ? refused('forbidden', 'http.notOurPage') : null
}

/** `/v1`, and the paths that Azure's SDK class uses instead. */
export const isProgramPath = (path: string): boolean => /^\/(v1|openai)(\/|$)/.test(path)

/** The studio's JSON API. */
export const isDataPath = (path: string): boolean => path.startsWith('/api/')

const isPagePath = (path: string): boolean => !isProgramPath(path) && !isDataPath(path)

/** Methods that a path accepts, also for the `allow` header. */
export const methodsOf = (path: string): readonly string[] => (isPagePath(path) ? PAGE_METHODS : METHODS)

const isDot = (segment: string): boolean => segment === '.' || segment === '..'

/**
 * Whether every parser reads a path in the same way: absolute, without a fragment, without empty or dot segments (plain or
 * encoded), without backslashes, and nothing encoded in its first segment, which selects the rules.
 */
export function isPlainPath(path: string): boolean {
  if (!/^\/[^/%]*(\/|$)/.test(path) || path.includes('#')) return false
  try {
    const plain = decodeURIComponent(path)
    return !/\\|\/\//.test(plain) && !plain.split('/').some(isDot)
  } catch {
    return false
  }
}

/**
 * Checks a request: Host list against DNS rebinding, method list, and for unsafe methods `Sec-Fetch-Site: same-origin` or,
 * where a browser does not send it, one of our origins. The origin `null` is not ours.
 * @returns null when it is allowed
 */
export function refusal(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  own: OwnAddresses,
): Refusal | null {
  if (!own.hosts.has((headers.host ?? '').toLowerCase())) return refused('misdirected', 'http.host')
  if (!methodsOf(path).includes(method))
    return refused('method_not_allowed', [isPagePath(path) ? 'http.methodOfPage' : 'http.method', { method }])
  return isProgramPath(path) ? refuseProgram(headers) : refusePage(method, path, headers, own)
}

const STRIPPED =
  /^(x-middleware-|x-nextjs-|x-forwarded-|next-resume$|next-action$|x-nonce$|content-security-policy$)/

/** Removes headers that Next would treat as its own or a proxy's. */
export function strip(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) if (STRIPPED.test(name)) delete headers[name]
}

const MB = 1024 * 1024

/** Largest body in bytes: a dataset or file up to OpenAI's own 512 MB (plus 1 MB for multipart framing), else 8 MB. */
export function bodyLimit(path: string): number {
  const large = /^\/(v1|openai(\/v1)?)\/files$/.test(path) || /^\/api\/datasets(\/[^/]+)?\/import$/.test(path)
  return large ? 513 * MB : 8 * MB
}
