/** Where Azure's API is, as its portals give it: with a version of the classic API, or any address of a resource. */
const VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/

/**
 * The address of a resource or project in the form that calls need: `…/openai/v1`, or `…/openai?api-version=…` where a
 * version of the classic API is named. What else the portal's address names, such as a deployment, is left out.
 * @returns null for an address with another question, or none
 */
export function azureAddress(address: string): string | null {
  const url = URL.parse(address)
  if (url?.hash !== '' || url.username !== '' || url.password !== '') return null
  const [path = ''] = url.pathname.replace(/\/+$/, '').split(/\/openai(?=\/|$)/)
  const { size } = url.searchParams
  if (size === 0) return `${url.origin}${path}/openai/v1`
  const version = url.searchParams.get('api-version')
  if (size > 1 || version === null || !VERSION.test(version)) return null
  return `${url.origin}${path}/openai?api-version=${version}`
}
