import { Readable } from 'node:stream'

async function* bytesOf(chunks: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** A text that is made while it is sent, as a file. @param name letters, digits, dots, hyphens and underscores */
export function textDownload(chunks: AsyncIterable<string>, name: string, type: string): Response {
  const body = Readable.toWeb(Readable.from(bytesOf(chunks)))
  return new Response(body as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })
}
