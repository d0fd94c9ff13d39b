import { MAX_FILE_BYTES } from '#lib/examples/jsonl.ts'

/** What a file chooser offers first; anything else may be chosen too. */
export const ACCEPT = '.jsonl,.ndjson,.json,.csv,.tsv,.txt,application/jsonl,application/json,text/csv'

/** Why a file cannot be read at all; the words are in the catalogue. */
export type FileFault = 'empty' | 'tooLarge' | 'utf16' | 'zip' | 'parquet' | 'binary' | 'gone'

const starts: readonly [FileFault, readonly number[]][] = [
  ['utf16', [0xff, 0xfe]],
  ['utf16', [0xfe, 0xff]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x1f, 0x8b]],
  ['zip', [0x28, 0xb5, 0x2f, 0xfd]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
]

/** Bytes enough to tell text from anything else. */
const LOOKED_AT = 1024

/** A NUL in every second place is UTF-16 without its mark; any other NUL is no text. */
function nulFault(head: Uint8Array): FileFault | null {
  const nuls = head.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0)
  if (nuls === 0) return null
  return nuls * 3 > head.length ? 'utf16' : 'binary'
}

/** What the first bytes say against a file; null when it may be text. */
export function faultOfHead(head: Uint8Array): FileFault | null {
  const known = starts.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte))
  return known?.[0] ?? nulFault(head)
}

/** Looks at a file before it is sent anywhere. */
export async function faultOf(file: File): Promise<FileFault | null> {
  if (file.size === 0) return 'empty'
  if (file.size > MAX_FILE_BYTES) return 'tooLarge'
  const head = await file
    .slice(0, LOOKED_AT)
    .arrayBuffer()
    .catch(() => null)
  return head === null ? 'gone' : faultOfHead(new Uint8Array(head))
}
