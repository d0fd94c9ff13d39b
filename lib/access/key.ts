import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { env } from '#lib/env.ts'

const file = (): string => path.join(/* turbopackIgnore: true */ env().dataFolder, 'key')

/** Whether there is a key: a power cut can leave its file without one. */
export const hasKey = (): boolean => existsSync(file()) && readKey() !== ''

/** A new key as programs show it: 192 random bits behind three letters. */
export const makeKey = (): string => `lk-${randomBytes(24).toString('base64url')}`

/** Makes the bearer key of `/v1` on the first start; later starts keep it. Readable by the owner alone. */
export function ensureKey(): string {
  if (!hasKey()) writeFileSync(file(), `${makeKey()}\n`, { mode: 0o600, flush: true })
  return readKey()
}

/** @throws when Limerick has never been started on this data folder */
export const readKey = (): string => readFileSync(/* turbopackIgnore: true */ file(), 'utf8').trim()

/** Whether a caller's bearer key is ours, in a time that does not tell how much of it is right. */
export function isKey(candidate: string): boolean {
  const ours = Buffer.from(readKey())
  const theirs = Buffer.from(candidate)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
