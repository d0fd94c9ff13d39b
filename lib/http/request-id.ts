import type { ServerResponse } from 'node:http'
import { newId } from '#lib/core/ids.ts'

const HEADER = 'x-request-id'

/** The id of a request to `/v1`: the caller, the engine and the log know it by the same one. */
export function requestIdOf(response: ServerResponse): string {
  const known = response.getHeader(HEADER)
  if (typeof known === 'string') return known
  const made = newId('req_')
  response.setHeader(HEADER, made)
  return made
}
