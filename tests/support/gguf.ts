/** A reader of GGUF files that knows no more than the format's description. */
import assert from 'node:assert/strict'

export interface GgufFile {
  metadata: Map<string, unknown>
  tensors: Map<string, { shape: number[]; type: number; bytes: Buffer }>
}

/** Bytes of 32 numbers, by the number of their type. */
const BLOCK_BYTES: Record<number, number> = { 0: 128, 1: 64, 8: 34 }

export function readGguf(file: Buffer): GgufFile {
  let at = 8
  const take = (length: number): Buffer => {
    at += length
    return file.subarray(at - length, at)
  }
  const u32 = () => take(4).readUInt32LE()
  const u64 = () => Number(take(8).readBigUInt64LE())
  const text = () => take(u64()).toString()
  const value = (type: number): unknown => {
    if (type === 4) return u32()
    if (type === 5) return take(4).readInt32LE()
    if (type === 6) return take(4).readFloatLE()
    if (type === 7) return take(1)[0] === 1
    if (type === 8) return text()
    const [inner, length] = [u32(), u64()]
    return Array.from({ length }, () => value(inner))
  }
  assert.deepEqual([file.toString('latin1', 0, 4), file.readUInt32LE(4)], ['GGUF', 3])
  const [tensorCount, keyCount] = [u64(), u64()]
  const metadata = new Map(Array.from({ length: keyCount }, () => [text(), value(u32())]))
  const entries = Array.from({ length: tensorCount }, () => {
    const name = text()
    const shape = Array.from({ length: u32() }, u64)
    return { name, shape, type: u32(), offset: u64() }
  })
  const start = Math.ceil(at / 32) * 32
  const tensors = new Map(
    entries.map(({ name, shape, type, offset }) => {
      assert.equal(offset % 32, 0)
      const length = (shape.reduce((product, size) => product * size) / 32) * (BLOCK_BYTES[type] as number)
      return [name, { shape, type, bytes: file.subarray(start + offset, start + offset + length) }]
    }),
  )
  return { metadata, tensors }
}

/** A Q8_0 number: its block's scale times its byte. */
export const quantised = (bytes: Buffer, index: number): number => {
  const block = Math.floor(index / 32) * 34
  return (
    new DataView(bytes.buffer, bytes.byteOffset + block).getFloat16(0, true) *
    bytes.readInt8(block + 2 + (index % 32))
  )
}
