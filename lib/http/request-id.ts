import type { ServerResponse } from 'node:http'
import { newId } from '#lib/core/ids.ts'

const HEADER = 'x-request-id'

/** The id of a request to `/v1`, the same for the caller, the engine and the log. */
export function requestIdOf(response: ServerResponse): string {
  const known = response.getHeader(HEADER)
  if (typeof known === 'string') return known
  const id = newId('req_')
  response.setHeader(HEADER, id)
  return id
}
