import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hide } from '#lib/http/secrets.ts'
import { privateFile, readPrivateFile, writePrivateFile } from './private-file.ts'

/** File name in the data folder. */
const FILE = 'address'

/** SHA-256 has equal length for any two tokens, so that a comparison always takes the same time. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

let current: Buffer | undefined

/**
 * Makes the token of this start; those of earlier starts become invalid.
 * @returns the address with the token, also stored in the data folder for the owner alone
 */
export function makeAddress(port: number): string {
  const token = randomBytes(24).toString('base64url')
  hide(token)
  current = digest(token)
  const address = `http://localhost:${port}/?token=${token}`
  writePrivateFile(FILE, `${address}\n`)
  return address
}

export const isToken = (candidate: string): boolean =>
  current !== undefined && timingSafeEqual(current, digest(candidate))

/** The address of the last start, or null before the first. */
export const readAddress = (): string | null => (existsSync(privateFile(FILE)) ? readPrivateFile(FILE) : null)
