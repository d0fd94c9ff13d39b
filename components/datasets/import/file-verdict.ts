import { type FileKind, fileKindOf, isBlankText, LOOKED_AT } from '#lib/training-data/formats/file-kind.ts'
import { MAX_FILE_BYTES } from '#lib/training-data/jsonl.ts'

/** What a file chooser offers first; anything else may be chosen too. */
export const ACCEPT = '.jsonl,.ndjson,.json,.csv,.tsv,.txt,.gz,application/jsonl,application/json,text/csv'

/** Why a file cannot be read at all; the words are in the catalogue. */
export type FileFault = 'empty' | 'blank' | 'tooLarge' | 'gone' | Exclude<FileKind, 'gzip'>

/** Bytes of a file that begins blank that are looked at before it is sent. */
const MOST_BLANK = 1024 * 1024

/** What the first bytes say against a file; null when it may be text. A gzip file is unpacked by the import. */
export function faultOfHead(head: Uint8Array): FileFault | null {
  const kind = fileKindOf(head)
  return kind === 'gzip' ? null : kind
}

/** Whether a file that begins blank is so to its end, as far as a preview would read. */
async function isBlankFile(file: File): Promise<boolean> {
  if (file.size > MOST_BLANK) return false
  return isBlankText(new Uint8Array(await file.arrayBuffer()))
}

/** Looks at a file before it is sent anywhere. */
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
