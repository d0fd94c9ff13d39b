import { Readable } from 'node:stream'
import { makeZip } from 'client-zip'

type Bytes = AsyncGenerator<Uint8Array>
/** Of a text that is long. */
type Texts = AsyncGenerator<string>

/** A file of a zip file: a text, or bytes that are read when its turn comes. */
export interface ZipEntry {
  name: string
  input: string | Bytes | Texts
  size?: number
}

/** Tells the input of each file that is opened: the library leaves the one that it reads open when its reader goes. */
async function* noted(entries: AsyncIterable<ZipEntry>, open: (input: Bytes | Texts) => void) {
  for await (const entry of entries) {
    if (typeof entry.input !== 'string') open(entry.input)
    yield entry
  }
}

async function* zipOf(entries: AsyncIterable<ZipEntry>): Bytes {
  let reading: Bytes | Texts | undefined
  const zip = makeZip(
    noted(entries, (input) => {
      reading = input
    }),
  ).getReader()
  try {
    for (let part = await zip.read(); !part.done; part = await zip.read()) yield part.value
  } finally {
    await zip.cancel().catch(() => undefined)
    await reading?.return(undefined)
  }
}

/**
 * A zip file that is made while it is sent.
 * @param filename of ASCII letters, digits, dots and dashes
 */
export function zipDownload(filename: string, entries: AsyncIterable<ZipEntry>): Response {
  const body = Readable.toWeb(Readable.from(zipOf(entries)))
  return new Response(body as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${filename}"`,
      'cache-control': 'no-store, no-transform',
    },
  })
}
