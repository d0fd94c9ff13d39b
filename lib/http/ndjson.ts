import type { z } from 'zod'
import { answerOf } from './answer.ts'
import { liveText } from './live-text.ts'

type Send<Value> = (value: Value) => void

/**
 * A streaming response of one JSON value per line; empty lines keep a silent connection open.
 * @param schema of a line
 */
export const ndjsonStream = <Value>(
  schema: z.ZodType<Value>,
  work: (send: Send<NoInfer<Value>>, signal: AbortSignal) => Promise<void>,
  { signal, every }: { signal: AbortSignal; every?: number },
): Response =>
  liveText((send, both) => work((value) => send(`${JSON.stringify(answerOf(schema, value))}\n`), both), {
    type: 'application/x-ndjson',
    signal,
    beat: '\n',
    every,
  })

/**
 * Reads the values of such a response as they arrive.
 * @param read gives the value of a line its type
 * @throws SyntaxError for a line that is not JSON, TypeError when the connection breaks
 */
export async function* readNdjson<Value>(
  read: (value: unknown) => Value | Promise<Value>,
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Value> {
  let rest = ''
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line) yield read(JSON.parse(line))
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
