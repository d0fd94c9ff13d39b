import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { privateFile, readPrivateFile, writePrivateFile } from './private-file.ts'

/** File name in the data folder. */
const FILE = 'key'

/** Whether there is a key: a power cut can leave its file empty. */
export const hasKey = (): boolean => existsSync(privateFile(FILE)) && readKey() !== ''

/** A new key in clear: 192 random bits behind three letters. */
export const makeKey = (): string => `lk-${randomBytes(24).toString('base64url')}`

/** Makes the bearer key of `/v1` on the first start; later starts keep it. Readable by the owner alone. */
export function ensureKey(): string {
  if (!hasKey()) writePrivateFile(FILE, `${makeKey()}\n`)
  return readKey()
}

let known = { file: '', changed: -1, key: '' }

/**
 * Read again only when its file has changed: every request of `/v1` needs it.
 * @throws when Limerick has never been started on this data folder
 */
export function readKey(): string {
  const file = privateFile(FILE)
  const { mtimeMs: changed } = statSync(/* turbopackIgnore: true */ file)
  if (known.file !== file || known.changed !== changed) known = { file, changed, key: readPrivateFile(FILE) }
  return known.key
}

/** Whether a bearer key is ours, in a time that does not reveal how much of it is right. */
export function isKey(candidate: string): boolean {
  const ours = Buffer.from(readKey())
  const theirs = Buffer.from(candidate)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
