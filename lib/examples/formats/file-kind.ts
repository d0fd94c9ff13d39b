/** Files that are no text of records, told by how they begin. */
export type FileKind =
  | 'gzip'
  | 'zip'
  | 'xlsx'
  | 'archive'
  | 'parquet'
  | 'arrow'
  | 'sqlite'
  | 'pdf'
  | 'office'
  | 'lfs'
  | 'html'
  | 'utf32'
  | 'binary'

const ascii = (text: string): number[] => Array.from(text, (sign) => sign.charCodeAt(0))

const starts: readonly [FileKind, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', ascii('PK\x03\x04')],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['archive', ascii('BZh')],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['archive', ascii('7z\xbc\xaf')],
  ['archive', ascii('Rar!')],
  ['parquet', ascii('PAR1')],
  ['arrow', ascii('ARROW1')],
  ['arrow', [0xff, 0xff, 0xff, 0xff]],
  ['sqlite', ascii('SQLite format 3')],
  ['pdf', ascii('%PDF-')],
  ['office', [0xd0, 0xcf, 0x11, 0xe0]],
  ['lfs', ascii('version https://git-lfs')],
  ['utf32', [0xff, 0xfe, 0, 0]],
  ['utf32', [0, 0, 0xfe, 0xff]],
]

/** The mark of a tar archive stands inside its first header. */
const [TAR, TAR_AT] = [ascii('ustar'), 257]

/** Bytes enough to tell text from anything else. */
const LOOKED_AT = 4096

const isControl = (byte: number): boolean => byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b

/** Text has hardly any control characters; UTF-16 has a zero in nearly every second byte and is text. */
function isBinary(head: Uint8Array): boolean {
  const controls = [0, 0]
  for (let at = 0; at < head.length; at++)
    if (isControl(head[at] as number)) controls[at & 1] = (controls[at & 1] as number) + 1
  return Math.min(...controls) * 40 > head.length
}

/** What a file is by its first bytes; null when it may be text. */
export function fileKindOf(bytes: Uint8Array): FileKind | null {
  const head = bytes.subarray(0, LOOKED_AT)
  const has = (mark: readonly number[], at = 0) => mark.every((byte, index) => head[at + index] === byte)
  const kind = has(TAR, TAR_AT) ? 'archive' : starts.find(([, start]) => has(start))?.[0]
  if (kind && kind !== 'zip') return kind
  const text = new TextDecoder('latin1').decode(head)
  if (kind === 'zip') return text.includes('xl/') || text.includes('[Content_Types]') ? 'xlsx' : 'zip'
  if (/^\s*<(?:!doctype html|html)\b/i.test(text.slice(0, 200))) return 'html'
  return isBinary(head) ? 'binary' : null
}
