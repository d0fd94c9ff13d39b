import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '#lib/core/errors.ts'
import { newId } from '#lib/core/ids.ts'
import type { Db } from '#lib/db/studio.ts'
import {
  addUse,
  countUse,
  insertKey,
  type KeyRecord,
  keyRecords,
  liveHashes,
  markRevoked,
} from './api-key-store.ts'
import { hasKey, isKey, makeKey, readKey } from './key.ts'
import { type CallerKey, FIRST_KEY, type KeyDraft, type NewCallerKey } from './schema.ts'

/** Characters of a key that are shown: the first three are the same in all of ours. */
const SHOWN = 7

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()

const prefixOf = (key: string): string => key.slice(0, SHOWN)

const asKey = (row: KeyRecord): CallerKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  createdAt: row.created_at === 0 ? null : Number(row.created_at),
  lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at),
  calls: row.calls,
  revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
})

/** The key of the first start lives in its own file; this row only counts its use. */
const firstRecord = () => ({
  id: FIRST_KEY,
  name: '',
  // A hash that no key has: access by this key is decided by the file.
  hash: FIRST_KEY,
  prefix: prefixOf(readKey()),
  created_at: 0,
})

const unusedFirst = (): CallerKey[] =>
  hasKey()
    ? [asKey({ ...firstRecord(), calls: 0, last_used_at: null, revoked_at: null } satisfies KeyRecord)]
    : []

/** Every key of this installation: the one of the first start, then the newest first, revoked ones too. */
export async function listCallerKeys(): Promise<CallerKey[]> {
  const all = (await keyRecords()).map(asKey)
  const first = all.find(({ id }) => id === FIRST_KEY)
  return [...(first ? [first] : unusedFirst()), ...all.filter(({ id }) => id !== FIRST_KEY)]
}

/** Makes an API key. @returns it in clear, this once; only its hash is stored */
export async function makeCallerKey({ name }: KeyDraft): Promise<NewCallerKey> {
  const key = makeKey()
  const hash = digest(key).toString('hex')
  await insertKey({ id: newId('key_'), name, hash, prefix: prefixOf(key), created_at: Date.now() })
  return { key, keys: await listCallerKeys() }
}

/**
 * Revokes a key: it opens nothing any more; its past calls stay in the log.
 * @throws AppError conflict for the key of the first start, which `npm run key` prints; not_found for no live key
 */
export async function revokeCallerKey(id: string): Promise<CallerKey[]> {
  if (id === FIRST_KEY) throw new AppError('conflict', 'auth.firstKey')
  if (!(await markRevoked(id, Date.now()))) throw new AppError('not_found', 'auth.noKey', { param: 'keyId' })
  return listCallerKeys()
}

/** Compares every hash, even after a match, so that the time reveals nothing. */
function fitting(candidate: Buffer, hashes: readonly Pick<KeyRecord, 'id' | 'hash'>[]): string | null {
  let found: string | null = null
  for (const { id, hash } of hashes) {
    const known = Buffer.from(hash, 'hex')
    if (known.length === candidate.length && timingSafeEqual(known, candidate)) found = id
  }
  return found
}

/** Which key this is. @returns its id, or null for an invalid one */
export async function keyIdOf(candidate: string): Promise<string | null> {
  if (isKey(candidate)) return FIRST_KEY
  return fitting(digest(candidate), await liveHashes())
}

/** Adds calls to a key's use. @param at ms of the last of these calls */
export const noteUse = (id: string, calls: number, at: number, db: Db): Promise<void> =>
  id === FIRST_KEY ? addUse(firstRecord(), calls, at, db) : countUse(id, calls, at, db)
