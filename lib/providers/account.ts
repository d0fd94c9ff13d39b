import { createHash } from 'node:crypto'
import { endpoint } from './registry.ts'

/** What a backoff belongs to, an address and a key: another key is another account. */
export function accountOf(providerId: string): string {
  const { baseURL, key } = endpoint(providerId)
  return createHash('sha256').update(`${baseURL} ${key.reveal()}`).digest('hex').slice(0, 16)
}
