import { apiError } from './api-error.ts'

/** One part of a `multipart/form-data` body. Its bytes must be read (or `drain`ed) before the next part comes. */
export interface Part {
  name: string
  /** Null for a plain field. */
  filename: string | null
  bytes: AsyncIterable<Uint8Array>
}

const MAX_HEADER = 16 * 1024
const MAX_PARTS = 64
const CRLF = '\r\n'

const cut = () => apiError('invalid', 'The multipart body ends before its last boundary.')

/** Cuts a stream of chunks at marks that may lie across two chunks; never holds more than a chunk and a mark. */
function cutter(source: AsyncIterator<Uint8Array>) {
  let held: Buffer = Buffer.alloc(0)
  const more = async () => {
    const { done, value } = await source.next()
    if (done) throw cut()
    held =
      held.length === 0
        ? Buffer.from(value.buffer, value.byteOffset, value.length)
        : Buffer.concat([held, value])
  }
  /** Yields what stands before the mark and leaves what follows it. */
  async function* until(mark: Buffer): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = held.indexOf(mark)
      const sure = at === -1 ? held.length - mark.length + 1 : at // the tail could be the mark's beginning
      if (sure > 0) yield held.subarray(0, sure)
      held = held.subarray(Math.max(0, sure) + (at === -1 ? 0 : mark.length))
      if (at !== -1) return
      await more()
    }
  }
  async function take(count: number): Promise<string> {
    while (held.length < count) await more()
    const text = held.toString('latin1', 0, count)
    held = held.subarray(count)
    return text
  }
  return { until, take }
}

/** All bytes as text. @throws AppError `too_large` beyond `limit` bytes */
export async function readText(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > limit) throw apiError('too_large', `The request holds a value of more than ${limit} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes);
}

/** Browsers and fetch spell quotes and line breaks of a name as %22, %0D and %0A; others put a backslash before a quote. */
const unescapeName = (text: string): string =>
  text.replace(/%22|%0D|%0A/gi, (code) => decodeURIComponent(code)).replace(/\\(["\\])/g, '$1')

/** `UTF-8''%C3%A9.jsonl` (RFC 5987). @returns null for another charset, or percent signs that stand for nothing */
function extendedValue(text: string): string | null {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(text) ?? []
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded)
  } catch {
    return null
  }
}

/** `; key="text"` or, as .NET writes it, `; key=token`. */
const PARAMETER = /;\s*([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g

function nameOf(header: string): Pick<Part, 'name' | 'filename'> {
  const disposition = header.split(CRLF).find((line) => /^content-disposition:/i.test(line)) ?? ''
  const found = new Map<string, string>()
  for (const [, key = '', quoted, bare = ''] of disposition.matchAll(PARAMETER))
    found.set(key.toLowerCase(), quoted === undefined ? bare : unescapeName(quoted))
  return {
    name: found.get('name') ?? '',
    filename: extendedValue(found.get('filename*') ?? '') ?? found.get('filename') ?? null,
  }
}

const boundaryOf = (contentType: string): string => {
  const [, quoted, bare] =
    /^multipart\/form-data;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (!boundary || boundary.length > 200)
    throw apiError('unsupported_type', 'The request must be multipart/form-data with a boundary.')
  return boundary
}

/**
 * Reads `multipart/form-data` (RFC 7578) as it arrives; no part is ever held in memory.
 * @throws AppError when the body is not multipart or is cut short
 */
export async function* parts(body: AsyncIterable<Uint8Array>, contentType: string): AsyncGenerator<Part> {
  const boundary = boundaryOf(contentType)
  const source = body[Symbol.asyncIterator]()
  try {
    const { until, take } = cutter(source)
    await drain(until(Buffer.from(`--${boundary}`)))
    const next = Buffer.from(`${CRLF}--${boundary}`)
    for (let count = 0; (await take(2)) !== '--'; count++) {
      if (count === MAX_PARTS) throw apiError('too_large', `The request has more than ${MAX_PARTS} parts.`)
      const header = await readText(until(Buffer.from(CRLF + CRLF)), MAX_HEADER)
      yield { ...nameOf(`${CRLF}${header}`), bytes: until(next) }
    }
  } finally {
    // Who is refused half-way still sends: the rest must be free to be read and dropped.
    await source.return?.()
  }
}
