import { randomText } from '#lib/core/ids.ts'
import { multipart } from '../multipart.ts'

/** A form that is being sent, with its file's name. */
interface SentForm {
  body: NonNullable<RequestInit['body']>
  headers: Record<string, string>
  filename: string
}

const FILENAME = /filename="([^"\r\n]{0,500})"/

/** Bytes at the beginning of a form within which its file is named: only short fields come before. */
const HEAD = 4_096

/** The beginning of a stream, and the stream with it still in front. */
async function peek(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ head: Buffer; whole: AsyncIterable<Uint8Array<ArrayBuffer>> }> {
  const reader = stream.getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  let ended = false
  while (!ended && bytes < HEAD && !FILENAME.test(Buffer.concat(parts).toString('latin1'))) {
    const { done, value } = await reader.read()
    ended = done
    if (value) parts.push(value)
    bytes += value?.length ?? 0
  }
  async function* whole(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      yield* parts
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        yield value
      }
    } finally {
      await reader.cancel().catch(() => undefined)
    }
  }
  return { head: Buffer.concat(parts), whole: whole() }
}

const nameIn = (head: Buffer): string => FILENAME.exec(head.toString('utf8'))?.[1] || 'data.jsonl'

const boundaryIn = (type: string): string | null => /boundary="?([^";]+)"?/.exec(type)?.[1] ?? null

/** Further fields, as parts that come before a form's own. */
const fieldsOf = (fields: Record<string, string>, boundary: string): string =>
  Object.entries(fields)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join('')

const streamOf = <Part>(parts: AsyncGenerator<Part>): ReadableStream<Part> =>
  new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => void (await parts.return(undefined)),
  })

/**
 * The form of a call, with further fields in front: its file stays on disk, or in its stream.
 * @param more is given the file's name
 */
export async function formOf(
  { body, headers }: RequestInit,
  more: (filename: string) => Record<string, string> = () => ({}),
): Promise<SentForm> {
  if (body instanceof FormData) {
    const [file] = [...body.values()].filter((value) => typeof value !== 'string')
    const filename = file?.name ?? 'data.jsonl'
    const form = new FormData()
    for (const [name, value] of [...Object.entries(more(filename)), ...body]) form.append(name, value)
    const blob = multipart(form)
    return { body: blob, headers: { 'content-type': blob.type }, filename }
  }
  const type = new Headers(headers).get('content-type') ?? ''
  const boundary = boundaryIn(type) ?? `limerick-${randomText(24)}`
  const { head, whole } = await peek(new Response(body ?? null).body ?? new ReadableStream())
  const filename = nameIn(head)
  async function* sent(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield Buffer.from(fieldsOf(more(filename), boundary))
    yield* whole
  }
  return { body: streamOf(sent()), headers: { 'content-type': type }, filename }
}
