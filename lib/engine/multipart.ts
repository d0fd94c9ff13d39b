import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import type { AppError } from '#lib/core/errors.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'
import { apiError, unsupported } from './api-error.ts'
import { saveStream } from './storage.ts'

/** Sizes in bytes. The only field that is read, `purpose`, is one word. */
const LIMITS = { parts: 64, files: 1, fieldSize: 100, headerSize: 16 * 1024 }

/** The field of a form that holds a file, and the most bytes of it. */
export interface FileField {
  name: 'file' | 'data'
  most: number
}

const WHOLE: FileField = { name: 'file', most: MAX_FILE_BYTES }
export const PART: FileField = { name: 'data', most: 64 * 1024 * 1024 }

/**
 * Buffer per part, in bytes. The parser hangs on a form whose last part has no name and fills the buffer in one
 * chunk, so the buffer is larger than any chunk from a socket.
 */
const BUFFER = 1024 * 1024

interface Saved {
  filename: string
  bytes: number
}

export interface Received extends Saved {
  /** As sent; undefined if it was not sent. */
  purpose: string | undefined
}

const sentTwice = (param: string) => apiError('invalid', `Invalid '${param}': it was sent twice.`, { param })

const tooManyParts = () => apiError('too_large', `The request has more than ${LIMITS.parts} parts.`)

const tooLarge = ({ name, most }: FileField) =>
  apiError('too_large', `Maximum ${name === 'file' ? 'file' : 'part'} size is ${most / 1024 ** 2} MB.`, {
    code: 'file_too_large',
    param: name,
  })

function openForm(contentType: string, field: FileField): BusboyInstance {
  const isForm = /^multipart\/form-data/i.test(contentType)
  try {
    if (isForm)
      return new Busboy({
        headers: { 'content-type': contentType },
        isPartAFile: (name, _type, filename) => name === field.name && filename !== undefined,
        preservePath: true,
        fileHwm: BUFFER,
        limits: { ...LIMITS, fileSize: field.most },
      })
  } catch {
    // The header has no boundary.
  }
  throw apiError('unsupported_type', 'The request must be multipart/form-data with a boundary.')
}

/** Browsers and fetch encode quotes and line breaks in a name as %22, %0D and %0A. */
const unescapeName = (name: string): string =>
  name.replace(/%22|%0D|%0A/gi, (code) => decodeURIComponent(code))

/** The name is only displayed: its last segment, without control characters, at most 255 bytes. */
export function cleanName(filename: string): string {
  const name = path.posix
    .basename(unescapeName(filename).replaceAll('\\', '/'))
    .normalize('NFC')
    .replace(/\p{Cc}/gu, '')
  return (
    Buffer.from(name)
      .subarray(0, 255)
      .toString('utf8')
      .replace(/\ufffd$/, '') || 'file'
  )
}

export const noExpiry = (): AppError =>
  unsupported('expires_after', 'Files here do not expire: delete them when they are no longer needed.')

/** Why a field is rejected. @param isSecond whether the purpose was already set */
function fieldError(name: string, isCut: boolean, isSecond: boolean): AppError | null {
  if (name.startsWith('expires_after')) return noExpiry()
  if (name !== 'purpose') return null
  if (isSecond) return sentTwice(name)
  return isCut
    ? apiError('too_large', `The request holds a value of more than ${LIMITS.fieldSize} bytes.`)
    : null
}

/** The end of the parser's error message for a truncated body. */
const CUT_OFF = /unexpected end of multipart data$/i

const errorOf = (thrown: unknown): unknown =>
  thrown instanceof Error && CUT_OFF.test(thrown.message)
    ? apiError('invalid', 'The multipart body ends before its last boundary.')
    : thrown

/**
 * Parses `multipart/form-data` (RFC 7578) as a stream and saves its file, no faster than the disk accepts it. Parts
 * come in any order, so the file may be written before the purpose is known.
 * @throws AppError if the form is rejected, which may be after its file was saved
 */
export async function receiveFile(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  file: string,
  field = WHOLE,
): Promise<Received> {
  const form = openForm(contentType, field)
  let purpose: string | undefined
  let content: BusboyFileStream | undefined
  let saving: Promise<Saved> | undefined
  form.on('error', (thrown) => content?.destroy(thrown as Error))
  form.on('partsLimit', () => form.destroy(tooManyParts()))
  form.on('filesLimit', () => form.destroy(sentTwice(field.name)))
  form.on('field', (name = '', value, _, isCut) => {
    const error = fieldError(name, isCut, purpose !== undefined)
    if (error) form.destroy(error)
    else if (name === 'purpose') purpose = value
  })
  form.on('file', (_, bytes, filename) => {
    if (form.destroyed) return
    content = bytes.once('limit', () => form.destroy(tooLarge(field)))
    saving = saveStream(file, bytes).then((size) => ({ filename: cleanName(filename), bytes: size }))
    saving.catch((thrown) => form.destroy(thrown))
  })
  try {
    await pipeline(body, form)
    const saved = await saving
    if (saved) return { ...saved, purpose }
  } catch (thrown) {
    await saving?.catch(() => {})
    throw errorOf(thrown)
  }
  throw apiError('invalid', `Missing required parameter: '${field.name}'.`, {
    code: 'missing_required_parameter',
    param: field.name,
  })
}
