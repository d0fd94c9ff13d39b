import { Readable } from 'node:stream'
import { evalCsv } from '#lib/evals/csv.ts'
import { route } from '#lib/http/route.ts'

async function* bytesOf(chunks: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

export const GET = route({}, async ({ params: { evalId = '' } }) => {
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${evalId}.csv"`,
    'cache-control': 'no-store',
  }
  const text = Readable.toWeb(Readable.from(bytesOf(await evalCsv(evalId))))
  return new Response(text as ReadableStream<Uint8Array>, { headers })
})
