import { wideEncoding } from './encoding.ts'

/** Kinds of files that are not text records, recognized by their first bytes. */
export type FileKind =
  | 'gzip'
  | 'zip'
  | 'xlsx'
  | 'numbers'
  | 'archive'
  | 'parquet'
  | 'avro'
  | 'arrow'
  | 'sqlite'
  | 'pickle'
  | 'numpy'
  | 'weights'
  | 'media'
  | 'pdf'
  | 'office'
  | 'document'
  | 'lfs'
  | 'html'
  | 'xml'
  | 'yaml'
  | 'toml'
  | 'notebook'
  | 'mail'
  | 'subtitles'
  | 'binary'

const ascii = (text: string): number[] => Array.from(text, (sign) => sign.charCodeAt(0))

const starts: readonly [FileKind, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', ascii('PK\x03\x04')],
  ['archive', ascii('PK\x05\x06')],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['archive', ascii('BZh')],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['archive', ascii('7z\xbc\xaf')],
  ['archive', ascii('Rar!')],
  ['parquet', ascii('PAR1')],
  ['avro', ascii('Obj\x01')],
  ['avro', ascii('ORC')],
  ['arrow', ascii('ARROW1')],
  ['arrow', ascii('FEA1')],
  ['arrow', [0xff, 0xff, 0xff, 0xff]],
  ['sqlite', ascii('SQLite format 3')],
  ['pickle', ascii('(lp0\n')],
  ['pickle', ascii('(dp0\n')],
  ['numpy', ascii('\x93NUMPY')],
  ['weights', ascii('GGUF')],
  ['weights', ascii('\x89HDF')],
  ['media', ascii('\x89PNG')],
  ['media', [0xff, 0xd8, 0xff]],
  ['media', ascii('GIF8')],
  ['media', ascii('RIFF')],
  ['media', ascii('ID3')],
  ['media', ascii('OggS')],
  ['media', ascii('fLaC')],
  ['pdf', ascii('%PDF-')],
  ['office', [0xd0, 0xcf, 0x11, 0xe0]],
  ['document', ascii('{\\rtf')],
  ['lfs', ascii('version https://git-lfs')],
]

/** Signatures at an offset: kind, bytes, offset. */
const inside: readonly [FileKind, readonly number[], number][] = [
  ['archive', ascii('ustar'), 257],
  ['media', ascii('ftyp'), 4],
  // The header of safetensors is JSON after its length.
  ['weights', ascii('\0\0\0{"'), 5],
]

/** Files that are ZIP archives, recognized by the names of their members. */
const members: readonly [FileKind, RegExp][] = [
  ['document', /word\/|ppt\/|opendocument\.(?:text|presentation)/],
  ['xlsx', /xl\/|opendocument\.spreadsheet|\[Content_Types\]/],
  ['numbers', /\.iwa/],
  ['weights', /data\.pkl/],
  ['numpy', /\.npy/],
]

/** Texts without records that an import can read. */
const texts: readonly [FileKind, RegExp][] = [
  ['html', /^\s*(?:<!--[^>]{0,200}-->\s*)?<(?:!doctype html|html|head|body|table)\b/i],
  [
    'xml',
    /^\s*(?:<\?xml\b|<[a-zA-Z][\w.-]{0,60}(?:\s[\w:.-]{1,60}="[^"<>]{0,200}")*>\s*<[\s\S]{0,4000}<\/\w)/,
  ],
  ['notebook', /^\s*\{\s*"cells"\s*:\s*\[\s*\{[\s\S]{0,2000}"cell_type"/],
  [
    'yaml',
    /^(?:#[^\n]*\n|---[ \t]*\r?\n)*- [\w ]{1,60}:(?: [^\n]*)?\r?\n(?: {2,}[\w ]{1,60}:|- [\w ]{1,60}:)/,
  ],
  ['toml', /^(?:#[^\n]*\n|\s)*\[\[?[\w.-]{1,60}\]\]?[ \t]*\r?\n[\w.-]{1,60} *= */],
  [
    'mail',
    /^(?:From |(?:From|To|Date|Subject|Received|Return-Path|Delivered-To|MIME-Version|Message-ID): )[\s\S]{0,3000}\n(?:Subject|Message-ID): /i,
  ],
  ['subtitles', /^(?:WEBVTT\b|\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> )/],
]

/** Bytes examined to recognize a kind. */
export const LOOKED_AT = 4096

/** Python's pickle: a protocol, then the opcode of a list, an object or a frame. */
const isPickle = (head: Uint8Array): boolean =>
  head[0] === 0x80 &&
  (head[1] ?? 0) >= 2 &&
  (head[1] ?? 0) <= 5 &&
  /^[\]}(\x95c\x8c]$/.test(String.fromCharCode(head[2] ?? 0))

const isControl = (byte: number): boolean => byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b

/** Text has hardly any control characters. UTF-16 is text with a zero in nearly every second byte. */
function isBinary(head: Uint8Array): boolean {
  const controls = [0, 0]
  for (let at = 0; at < head.length; at++)
    if (isControl(head[at] as number)) controls[at & 1] = (controls[at & 1] as number) + 1
  return Math.min(...controls) * 40 > head.length && !isWide(head)
}

const isWide = (head: Uint8Array): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) ||
  (head[2] === 0xfe && head[3] === 0xff) ||
  wideEncoding(head) !== null

/** Whether bytes are only spaces, line ends and a byte order mark, in any Unicode encoding. */
export const isBlankText = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0 || MARK.has(byte))
const MARK = new Set([0xef, 0xbb, 0xbf, 0xff, 0xfe])

/** The kind of a file by its first bytes; null when it may be text. */
export function fileKindOf(bytes: Uint8Array): FileKind | null {
  const head = bytes.subarray(0, LOOKED_AT)
  const has = (mark: readonly number[], at = 0) => mark.every((byte, index) => head[at + index] === byte)
  const kind =
    inside.find(([, mark, at]) => has(mark, at))?.[0] ?? starts.find(([, start]) => has(start))?.[0]
  if (kind && kind !== 'zip') return kind
  const text = new TextDecoder('latin1').decode(head)
  if (kind === 'zip') return members.find(([, names]) => names.test(text))?.[0] ?? 'zip'
  if (isPickle(head)) return 'pickle'
  if (isBinary(head)) return 'binary'
  const words = text.replace(/^\xef\xbb\xbf/, '')
  return texts.find(([, looks]) => looks.test(words))?.[0] ?? null
}
