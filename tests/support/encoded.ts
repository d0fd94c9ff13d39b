/** The bytes of each character of an encoding of one or two bytes, by what its decoder makes of them. */
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
 * A text in one of the encodings that Node decodes but does not write.
 * @throws Error for a character that it does not have
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
