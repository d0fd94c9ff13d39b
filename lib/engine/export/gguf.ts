/** The GGUF format, version 3: header, metadata, tensor table, aligned data (github.com/ggml-org/ggml, docs/gguf.md). */
import { elements } from '../model/tensors.ts'

/** Storage type of a matrix. Q8_0: blocks of 32 signed bytes that share a float16 scale. */
export type GgufType = 'F32' | 'F16' | 'Q8_0'

export type GgufValue = string | number | boolean | { float: number } | string[] | { ints: number[] }

export interface GgufTensor {
  name: string
  shape: number[]
  type: GgufType
  /** Called once, when the tensor is written. */
  read: () => Float32Array<ArrayBuffer>
}

const VERSION = 3
const ALIGNMENT = 32 // bytes
const BLOCK = 32 // numbers
const valueType = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 }
const tensorType: Record<GgufType, number> = { F32: 0, F16: 1, Q8_0: 8 }
const bytesPerBlock: Record<GgufType, number> = { F32: 4 * BLOCK, F16: 2 * BLOCK, Q8_0: 2 + BLOCK }

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const i32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
const f32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

const array = (type: number, items: Buffer[]): Buffer =>
  Buffer.concat([u32(valueType.array), u32(type), u64(items.length), ...items])

function encodeValue(value: GgufValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(valueType.string), text(value)])
  if (typeof value === 'number') return Buffer.concat([u32(valueType.uint32), u32(value)])
  if (typeof value === 'boolean') return Buffer.concat([u32(valueType.bool), Buffer.of(Number(value))])
  if (Array.isArray(value)) return array(valueType.string, value.map(text))
  if ('ints' in value) return array(valueType.int32, value.ints.map(i32))
  return Buffer.concat([u32(valueType.float32), f32(value.float)])
}

/** Size of a tensor in bytes; the rows of a quantised tensor are whole blocks. */
function byteLength({ type, shape }: GgufTensor): number {
  return Math.ceil((elements(shape) * bytesPerBlock[type]) / BLOCK)
}

const padding = (length: number): number => (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT

/** Whether the rows of a matrix divide into whole blocks. */
export const isQuantisable = ({ shape }: { shape: number[] }): boolean =>
  shape.length > 1 && (shape.at(-1) ?? 0) % BLOCK === 0

/** Per block: scale = max |x| / 127, q = round(x / scale) (ggml, quantize_row_q8_0). */
function quantise(data: Float32Array): Uint8Array {
  const blocks = data.length / BLOCK
  const bytes = new ArrayBuffer(blocks * bytesPerBlock.Q8_0)
  const scales = new Float16Array(bytes) // a block is 17 of these: its scale, then its numbers
  const numbers = new Int8Array(bytes)
  for (let block = 0; block < blocks; block++) {
    const first = block * BLOCK
    let most = 0
    for (let i = first; i < first + BLOCK; i++) most = Math.max(most, Math.abs(data[i] as number))
    const inverse = most === 0 ? 0 : 127 / most
    const at = block * bytesPerBlock.Q8_0
    scales[at / 2] = most / 127
    for (let i = 0; i < BLOCK; i++) numbers[at + 2 + i] = Math.round((data[first + i] as number) * inverse)
  }
  return new Uint8Array(bytes)
}

function encodeData({ type, read }: GgufTensor): Uint8Array {
  const data = read()
  if (type === 'Q8_0') return quantise(data)
  const stored = type === 'F16' ? Float16Array.from(data) : data
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
}

/** Dimensions are written innermost first. */
function tensorEntry(tensor: GgufTensor, offset: number): Buffer {
  const { name, shape, type } = tensor
  return Buffer.concat([
    text(name),
    u32(shape.length),
    ...shape.toReversed().map(u64),
    u32(tensorType[type]),
    u64(offset),
  ])
}

/** A GGUF file in chunks, little-endian, one tensor at a time, and its size in bytes. */
export function encodeGguf(metadata: ReadonlyMap<string, GgufValue>, tensors: readonly GgufTensor[]) {
  const entries: Buffer[] = []
  let offset = 0
  for (const tensor of tensors) {
    entries.push(tensorEntry(tensor, offset))
    const length = byteLength(tensor)
    offset += length + padding(length)
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(VERSION),
    u64(tensors.length),
    u64(metadata.size),
    ...[...metadata].flatMap(([key, value]) => [text(key), encodeValue(value)]),
    ...entries,
  ])
  function* chunks(): Generator<Uint8Array> {
    yield head
    yield new Uint8Array(padding(head.length))
    for (const tensor of tensors) {
      yield encodeData(tensor)
      yield new Uint8Array(padding(byteLength(tensor)))
    }
  }
  return { size: head.length + padding(head.length) + offset, chunks }
}
