import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { constants, createGunzip, type Gunzip } from 'node:zlib'
import { AppError } from '#lib/core/errors.ts'
import { type Encoding, encodingOf, type FoundEncoding } from '#lib/training-data/formats/encoding.ts'
import { fileKindOf } from '#lib/training-data/formats/file-kind.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'
import { beginning } from './lines.ts'

type TextPlan = Pick<ImportPlan, 'packed' | 'encoding'>

/** A byte that is never valid UTF-8: undecodable input stays undecodable, so that the checks report its line. */
const BROKEN = Buffer.of(0xff)

function utf8Of(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text)
  const parts = text.split(/[\ud800-\udfff]/u).flatMap((part) => [BROKEN, Buffer.from(part)])
  return Buffer.concat(parts.slice(1))
}

async function* fromUtf16(
  source: AsyncIterable<Uint8Array>,
  isBigEndian: boolean,
): AsyncGenerator<Uint8Array> {
  const decoder = new StringDecoder('utf16le')
  let rest: Uint8Array = new Uint8Array(0)
  let first = true
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk])
    const whole = bytes.subarray(0, bytes.length & ~1)
    rest = bytes.subarray(whole.length)
    const text = decoder.write(isBigEndian ? whole.swap16() : whole)
    if (text === '') continue
    yield utf8Of(first && text.startsWith('\ufeff') ? text.slice(1) : text)
    first = false
  }
  const last = utf8Of(decoder.end())
  yield rest.length > 0 ? Buffer.concat([last, BROKEN]) : last
}

/** The character of four bytes; an invalid code point stays undecodable. */
const characterOf = (bytes: DataView, at: number, isLittle: boolean): Uint8Array => {
  const code = bytes.getUint32(at, isLittle)
  const isValid = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isValid ? Buffer.from(String.fromCodePoint(code)) : BROKEN
}

async function* fromUtf32(source: AsyncIterable<Uint8Array>, isLittle: boolean): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0)
  let first = true
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk])
    const whole = bytes.length & ~3
    rest = bytes.subarray(whole)
    const view = new DataView(bytes.buffer, bytes.byteOffset, whole)
    const characters = Array.from({ length: whole / 4 }, (_, index) => characterOf(view, index * 4, isLittle))
    if (first && whole > 0 && view.getUint32(0, isLittle) === 0xfeff) characters.shift()
    first &&= whole === 0
    yield Buffer.concat(characters)
  }
  if (rest.length > 0) yield BROKEN
}

async function* fromBytes(source: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/** Converts a stream to UTF-8; line ends stay as they are. */
function asUtf8(source: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncIterable<Uint8Array> {
  if (encoding === 'utf-8') return source
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return fromUtf32(source, encoding === 'utf-32le')
  const isUtf16 = encoding === 'utf-16le' || encoding === 'utf-16be'
  return isUtf16 ? fromUtf16(source, encoding === 'utf-16be') : fromBytes(source, encoding)
}

const isOfGzip = (thrown: unknown): boolean =>
  thrown instanceof Error && /^Z_/.test((thrown as NodeJS.ErrnoException).code ?? '')

async function* through(gunzip: Gunzip, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const fed = pipeline(Readable.from(source), gunzip)
  // The reader below gets the same error.
  fed.catch(() => undefined)
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array
    await fed
  } catch (thrown) {
    if (!isOfGzip(thrown)) throw thrown
    throw new AppError('invalid', 'datasets.gzipDamaged', {
      cause: thrown,
    })
  }
}

/** @throws AppError too_large when it unpacks to more than 512 MB, invalid when it is damaged */
async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of through(createGunzip(), source)) {
    bytes += chunk.length
    if (bytes > MAX_FILE_BYTES) throw new AppError('too_large', 'datasets.gzipTooLarge')
    yield chunk
  }
}

/**
 * The bytes of a file as UTF-8, unpacked and decoded by its plan; without a plan unchanged.
 * @throws AppError too_large, invalid, while the stream is read
 */
export function openText(
  source: AsyncIterable<Uint8Array>,
  plan: TextPlan | null,
): AsyncIterable<Uint8Array> {
  const bytes = plan?.packed ? unpacked(source) : source
  return asUtf8(bytes, plan?.encoding ?? 'utf-8')
}

export interface TextHead extends FoundEncoding {
  /** As UTF-8. */
  bytes: Uint8Array
  packed: boolean
  /** Whether more was unpacked than asked for. */
  cut: boolean
}

/** Unpacks as much of a gzip beginning as possible. */
async function unpackedHead(head: Uint8Array, most: number): Promise<Uint8Array> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  const { head: unpacked, all } = await beginning(
    through(gunzip, Readable.from([head])),
    ({ length }) => length > most,
  )
  await all.return(undefined)
  gunzip.destroy()
  return unpacked
}

/** Bytes as a stream of one chunk. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/**
 * The beginning of a file as UTF-8, and its encoding.
 * @param most bytes to unpack
 * @throws AppError invalid for a gzip file that is damaged or contains no text
 */
export async function openHead(head: Uint8Array, most: number, chosen?: Encoding): Promise<TextHead> {
  const packed = fileKindOf(head) === 'gzip'
  const whole = packed ? await unpackedHead(head, most) : head
  if (packed && fileKindOf(whole) !== null) throw new AppError('invalid', 'datasets.gzipNoText')
  const found = encodingOf(whole)
  const encoding = chosen ?? found.encoding
  const bytes =
    encoding === 'utf-8' ? whole : Buffer.concat(await Array.fromAsync(asUtf8(once(whole), encoding)))
  return { bytes, packed, cut: whole.length > most, encoding, certain: chosen !== undefined || found.certain }
}
