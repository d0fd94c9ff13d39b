import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

const RETURNED = /^(content-|x-request-id$|retry-after$|transfer-encoding$)/

/** Of an answer's headers only what its caller needs. */
export function returned(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => RETURNED.test(name) && name !== 'content-security-policy',
  )
  return Object.fromEntries(kept)
}

/** Of a request's headers the named ones, under the provider's key: the caller's own never crosses over. */
export function passed(
  headers: IncomingHttpHeaders,
  names: readonly string[],
  key: string,
): OutgoingHttpHeaders {
  const kept = names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]))
  return { ...Object.fromEntries(kept), authorization: `Bearer ${key}` }
}
