import { type FileKind, fileKindOf } from '#lib/examples/formats/file-kind.ts'
import { MAX_FILE_BYTES } from '#lib/examples/jsonl.ts'

/** What a file chooser offers first; anything else may be chosen too. */
export const ACCEPT = '.jsonl,.ndjson,.json,.csv,.tsv,.txt,.gz,application/jsonl,application/json,text/csv'

/** Why a file cannot be read at all; the words are in the catalogue. */
export type FileFault = 'empty' | 'tooLarge' | 'gone' | Exclude<FileKind, 'gzip'>

/** Bytes enough to tell text from anything else. */
const LOOKED_AT = 4096

/** What the first bytes say against a file; null when it may be text. A gzip file is unpacked by the import. */
export function faultOfHead(head: Uint8Array): FileFault | null {
  const kind = fileKindOf(head)
  return kind === 'gzip' ? null : kind
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
