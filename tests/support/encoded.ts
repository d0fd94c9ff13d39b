/** Character → bytes of a one- or two-byte encoding, found by decoding all byte sequences. */
function tableOf(encoding: string): ReadonlyMap<string, Uint8Array> {
  const decoder = new TextDecoder(encoding)
  const high = Array.from({ length: 128 }, (_, at) => at + 128)
  const all = [
    ...high.flatMap((first) => Array.from({ length: 192 }, (_, at) => Uint8Array.of(first, at + 64))),
    ...high.map((byte) => Uint8Array.of(byte)),
  ]
  return new Map(all.map((bytes) => [decoder.decode(bytes), bytes]))
}

/**
 * Encodes a text in an encoding that Node can only decode.
 * @throws Error for a character that the encoding does not have
 */
export function encoded(text: string, encoding: string): Buffer {
  const table = tableOf(encoding)
  return Buffer.concat(
    Array.from(text, (sign) => {
      const bytes = sign < '\x80' ? Buffer.from(sign) : table.get(sign)
      if (!bytes) throw new Error(`${encoding} has no “${sign}”.`)
      return bytes
    }),
  )
}
