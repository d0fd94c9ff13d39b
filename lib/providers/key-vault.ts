import 'server-only'
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '#lib/core/errors.ts'
import { env } from '#lib/env.ts'

/** A key at rest: AES-256-GCM, nonce and tag with it, in base64. */
export interface Sealed {
  sealed: string
  /** Which key file opens it. */
  sealed_by: string
}

const CIPHER = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

function makeFile(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const descriptor = openSync(file, 'wx', 0o600)
  writeSync(descriptor, `${randomBytes(32).toString('base64')}\n`)
  fsyncSync(descriptor)
  closeSync(descriptor)
}

const codeOf = (thrown: unknown): string => (thrown as NodeJS.ErrnoException).code ?? String(thrown)

/** @throws AppError unavailable when the file is damaged */
function readFile(file: string): Buffer {
  const key = Buffer.from(readFileSync(/* turbopackIgnore: true */ file, 'utf8'), 'base64')
  if (key.length !== 32) throw new AppError('unavailable', ['providers.keyFileDamaged', { file }])
  return key
}

const noFile = (file: string, code: string): AppError =>
  new AppError('unavailable', ['providers.keyFile', { file, code }])

/** The key file, made when the first key is stored. @throws AppError unavailable */
function fileKey({ make }: { make: boolean }): Buffer {
  const file = env().keyFile
  try {
    return readFile(file)
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    const code = codeOf(thrown)
    if (code !== 'ENOENT' || !make) throw noFile(file, code)
  }
  try {
    makeFile(file)
  } catch (thrown) {
    const code = codeOf(thrown)
    if (code !== 'EEXIST') throw noFile(file, code)
  }
  return readFile(file)
}

const nameOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 16)

/**
 * Encrypts a provider's key.
 * @param owner what it belongs to; it opens for nothing else
 * @throws AppError unavailable when the key file can neither be read nor made
 */
export function seal(secret: string, owner: string): Sealed {
  const key = fileKey({ make: true })
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(owner))
  const parts = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]
  return { sealed: Buffer.concat(parts).toString('base64'), sealed_by: nameOf(key) }
}

/** @throws AppError unavailable when the key file is not there, is another one, or the record was changed */
export function unseal({ sealed, sealed_by }: Sealed, owner: string): string {
  const key = fileKey({ make: false })
  const file = env().keyFile
  if (nameOf(key) !== sealed_by) throw new AppError('unavailable', ['providers.keyFileOther', { file }])
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG))
    return decipher.update(bytes.subarray(NONCE, -TAG), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw new AppError('unavailable', 'providers.keyChanged', { cause })
  }
}
