import { type FileKind, fileKindOf, isBlankText, LOOKED_AT } from '#lib/training-data/formats/file-kind.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'

/** Why a file cannot be read at all; the messages are in the catalogue. */
export type FileFault = 'empty' | 'blank' | 'tooLarge' | 'gone' | Exclude<FileKind, 'gzip'>

/** Bytes. A larger file that starts with whitespace is not read before upload. */
const MOST_BLANK = 1024 * 1024

/** Error found in the first bytes; null if the file may be text. The import unpacks gzip files. */
export function faultOfHead(head: Uint8Array): FileFault | null {
  const kind = fileKindOf(head)
  return kind === 'gzip' ? null : kind
}

/** Whether a file is blank; a file over `MOST_BLANK` is not read and counts as not blank. */
async function isBlankFile(file: File): Promise<boolean> {
  if (file.size > MOST_BLANK) return false
  return isBlankText(new Uint8Array(await file.arrayBuffer()))
}

/** Checks a file before it is sent to the server. */
export async function faultOf(file: File): Promise<FileFault | null> {
  if (file.size === 0) return 'empty'
  if (file.size > MAX_FILE_BYTES) return 'tooLarge'
  const head = await file
    .slice(0, LOOKED_AT)
    .arrayBuffer()
    .catch(() => null)
  if (head === null) return 'gone'
  const bytes = new Uint8Array(head)
  return isBlankText(bytes) && (await isBlankFile(file)) ? 'blank' : faultOfHead(bytes)
}
