/** The safetensors format: u64 header length, JSON header, raw little-endian data (github.com/huggingface/safetensors). */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeDurably } from '#lib/core/durable-file.ts'
import { AppError } from '#lib/core/errors.ts'
import { elements, type Tensor, type Tensors } from './tensors.ts'

const HEADER_LIMIT = 100_000_000 // bytes; the format's own limit
const bytesPer = { F32: 4, F16: 2, BF16: 2 } as const

type StoredType = keyof typeof bytesPer

const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const Entry = z.strictObject({
  dtype: z.enum(['F32', 'F16', 'BF16'], 'only F32, F16 and BF16 are known'),
  shape: z.array(whole).max(8),
  data_offsets: z.tuple([whole, whole]),
})
const Header = z.record(z.string(), z.unknown())

type Entries = [name: string, entry: z.infer<typeof Entry>][]

/** Bytes → float32, which represents both smaller types exactly. Decodes a private copy of the bytes. */
const decode: Record<StoredType, (bytes: ArrayBuffer) => Float32Array<ArrayBuffer>> = {
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => Float32Array.from(new Float16Array(bytes)),
  BF16: (bytes) => {
    const bits = Uint32Array.from(new Uint16Array(bytes), (upper) => upper << 16)
    return new Float32Array(bits.buffer)
  },
}

function withFile<Result>(file: string, use: (descriptor: number) => Result): Result {
  const descriptor = openSync(file, 'r')
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Reads a whole file as float32.
 * @throws AppError `invalid` if the file is truncated, has holes or overlaps, or holds types other than F32, F16, BF16
 */
export const readSafetensors = (file: string): Tensors =>
  withFile(file, (descriptor) => {
    const { entries, start } = readHeader(file, descriptor)
    return new Map(
      entries.map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [begin, end],
          },
        ]) => {
          const bytes = readExactly(descriptor, start + begin, end - begin)
          return [name, { shape, data: decode[dtype](bytes) }]
        },
      ),
    )
  })

/** A tensor as a file holds it; its bytes are read when they are asked for. */
export interface StoredTensor {
  shape: number[]
  dtype: StoredType
  bytes: () => Uint8Array<ArrayBuffer>
}

/** Lists a file's tensors without reading them. @throws as readSafetensors does */
export const listSafetensors = (file: string): Map<string, StoredTensor> =>
  withFile(file, (listing) => {
    const { entries, start } = readHeader(file, listing)
    return new Map(
      entries.map(([name, { dtype, shape, data_offsets }]) => {
        const [begin, end] = data_offsets
        const read = (descriptor: number) => readExactly(descriptor, start + begin, end - begin)
        return [name, { dtype, shape, bytes: () => new Uint8Array(withFile(file, read)) }]
      }),
    )
  })

export const decodeTensor = ({ shape, dtype, bytes }: StoredTensor): Tensor => ({
  shape,
  data: decode[dtype](bytes().buffer),
})

function readExactly(descriptor: number, position: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; ) {
    const read = readSync(descriptor, bytes, at, length - at, position + at)
    if (read === 0) throw new AppError('invalid', { message: 'The file ended while it was being read.' })
    at += read
  }
  return bytes.buffer
}

function readHeader(file: string, descriptor: number): { entries: Entries; start: number } {
  const refuse = (why: string) =>
    new AppError('invalid', { message: `${path.basename(file)} is not a safetensors file: ${why}.` })
  const { size } = fstatSync(descriptor)
  if (size < 8) throw refuse('it is too short')
  const length = Number(new DataView(readExactly(descriptor, 0, 8)).getBigUint64(0, true))
  if (length > HEADER_LIMIT || 8 + length > size) throw refuse('its header is longer than the file')
  const entries = parseHeader(readExactly(descriptor, 8, length))
  if (!entries) throw refuse('its header is not understood')
  const fault = findFault(entries, size - 8 - length)
  if (fault) throw refuse(fault)
  return { entries, start: 8 + length }
}

function parseHeader(bytes: ArrayBuffer): Entries | null {
  const header = Header.safeParse(parseJson(new TextDecoder().decode(bytes)))
  if (!header.success) return null
  const { __metadata__: _metadata, ...rest } = header.data
  const entries = z.record(z.string(), Entry).safeParse(rest)
  return entries.success ? Object.entries(entries.data) : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema reports the error
  }
}

/** Tensors must be contiguous without holes and end at the end of the file. */
function findFault(entries: Entries, dataLength: number): string | null {
  let expected = 0
  for (const [name, { dtype, shape, data_offsets }] of entries.toSorted(byPosition)) {
    const [begin, end] = data_offsets
    if (begin !== expected) return `${name} does not begin where the tensor before it ends`
    if (end - begin !== elements(shape) * bytesPer[dtype]) return `${name} has another size than its shape`
    expected = end
  }
  return expected === dataLength ? null : 'its data has another length than its header says'
}

const byPosition = ([, a]: Entries[number], [, b]: Entries[number]) =>
  a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]

/** Writes tensors durably, as F32 (exact) or F16 (half the size). */
export function writeSafetensors(file: string, tensors: Tensors, dtype: 'F32' | 'F16' = 'F32'): void {
  const stored = [...tensors].map(([name, tensor]) => [name, storedAs(tensor, dtype)] as const)
  writeDurably(file, encodeSafetensors(new Map(stored)).chunks())
}

function storedAs({ shape, data }: Tensor, dtype: 'F32' | 'F16'): StoredTensor {
  const bytes = () => {
    const stored = dtype === 'F16' ? Float16Array.from(data) : data
    return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
  }
  return { shape, dtype, bytes }
}

/** A safetensors file in chunks, one tensor at a time, and its size in bytes. */
export function encodeSafetensors(tensors: ReadonlyMap<string, StoredTensor>) {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let offset = 0
  for (const [name, { dtype, shape }] of tensors) {
    const end = offset + elements(shape) * bytesPer[dtype]
    header[name] = { dtype, shape, data_offsets: [offset, end] }
    offset = end
  }
  const json = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ') // aligns the data to eight bytes
  head.writeBigUInt64LE(BigInt(head.length - 8))
  head.set(json, 8)
  function* chunks(): Generator<Uint8Array> {
    yield head
    for (const { bytes } of tensors.values()) yield bytes()
  }
  return { size: head.length + offset, chunks }
}
