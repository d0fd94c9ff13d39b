import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode, ErrorWords } from '#lib/core/errors.ts'

/** Why a request may not come in. */
export interface Refusal {
  code: ErrorCode
  words: ErrorWords
}

export interface House {
  /** `host:port` spellings under which this server may be addressed, lower case. */
  hosts: ReadonlySet<string>
  /** Origins of our own pages. */
  origins: ReadonlySet<string>
}

const SAFE = ['GET', 'HEAD', 'OPTIONS']
const METHODS = [...SAFE, 'POST', 'PUT', 'PATCH', 'DELETE']

/** Pages and files are only read: what a form posts to a page never reaches Next. */
const PAGE_METHODS = ['GET', 'HEAD']

/** The names a loopback server answers to; the port may be left out where it is the scheme's own. */
export function house(port: number): House {
  const names = ['localhost', '127.0.0.1', '[::1]']
  const suffixes = port === 80 ? ['', ':80'] : [`:${port}`]
  const hosts = names.flatMap((name) => suffixes.map((suffix) => `${name}${suffix}`))
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `http://${host}`)) }
}

const no = (code: ErrorCode, words: ErrorWords): Refusal => ({ code, words })

const CROSS_SITE = no('forbidden', 'http.crossSite')

/** `/v1` is for programs: a browser always says where it comes from, and is turned away. */
function refuseProgram({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): Refusal | null {
  if (origin === undefined && site === undefined) return null
  return no('forbidden', 'http.programsOnly')
}

function refusePage(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  { origins }: House,
): Refusal | null {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined && !origins.has(origin)) return CROSS_SITE
  if (SAFE.includes(method)) {
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
    return foreign && isDataPath(path) ? CROSS_SITE : null
  }
  if (site !== undefined) return site === 'same-origin' ? null : CROSS_SITE
  return origin === undefined ? no('forbidden', 'http.notOurPage') : null
}

/** `/v1`, and the addresses that Azure's SDK class writes for the same. */
export const isProgramPath = (path: string): boolean => /^\/(v1|openai)(\/|$)/.test(path)

/** The studio's own JSON. */
export const isDataPath = (path: string): boolean => path.startsWith('/api/')

const isPagePath = (path: string): boolean => !isProgramPath(path) && !isDataPath(path)

/** The methods that a path takes, for an `allow` header too. */
export const methodsOf = (path: string): readonly string[] => (isPagePath(path) ? PAGE_METHODS : METHODS)

const isDot = (segment: string): boolean => segment === '.' || segment === '..'

/**
 * Whether a path means the same to every reader: from the root and without a fragment; no empty or dot segment, plain or
 * encoded, that a later reader would resolve; no backslash that it would turn round; and a first segment, by which the rules
 * go, with nothing encoded.
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
 * Whether a request may come in: Host list against rebinding, method list, and for what changes something
 * `Sec-Fetch-Site: same-origin` or, where a browser does not send it, one of our origins. `null` is not an origin of ours.
 */
export function refusal(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  ours: House,
): Refusal | null {
  if (!ours.hosts.has((headers.host ?? '').toLowerCase())) return no('misdirected', 'http.host')
  if (!methodsOf(path).includes(method))
    return no('method_not_allowed', [isPagePath(path) ? 'http.methodOfPage' : 'http.method', { method }])
  return isProgramPath(path) ? refuseProgram(headers) : refusePage(method, path, headers, ours)
}

const STRIPPED =
  /^(x-middleware-|x-nextjs-|x-forwarded-|next-resume$|next-action$|x-nonce$|content-security-policy$)/

/** Removes headers that Next would take for its own or for a proxy's. */
export function strip(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) if (STRIPPED.test(name)) delete headers[name]
}

const MB = 1024 * 1024

/** Largest body in bytes: a dataset or file up to OpenAI's own 512 MB (and a little for the multipart frame), else 8 MB. */
export function bodyLimit(path: string): number {
  const large = /^\/(v1|openai(\/v1)?)\/files$/.test(path) || /^\/api\/datasets(\/[^/]+)?\/import$/.test(path)
  return large ? 513 * MB : 8 * MB
}
