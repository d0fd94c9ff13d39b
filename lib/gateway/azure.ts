/** Where a request goes, and the model that its address names. */
export interface Address {
  /** Path below `/v1`, and query. */
  url: string
  deployment: string | null
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // no model has such a name, and the refusal names it
  }
}

/**
 * Maps Azure's addresses to those of `/v1`: `/openai/v1/…`, `/openai/deployments/NAME/…`, where NAME is a model or an
 * alias, and `/openai/…`. There is one version of this API, so `api-version` is ignored.
 */
export function addressOf(url: string): Address {
  if (!/^\/openai(\/|$)/.test(url)) return { url, deployment: null }
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  searchParams.delete('api-version')
  const query = searchParams.size > 0 ? `?${searchParams}` : ''
  const [, name, below] = /^\/openai\/deployments\/([^/]+)(\/.+)$/.exec(pathname) ?? []
  if (name && below) return { url: `/v1${below}${query}`, deployment: decoded(name) }
  return { url: `${pathname.replace(/^\/openai(\/v1)?/, '/v1')}${query}`, deployment: null }
}
