const HEADERS = {
  'content-type': 'application/x-ndjson; charset=utf-8',
  // no-transform keeps Next from compressing, so that one value leaves at once.
  'cache-control': 'no-store, no-transform',
}

type Send<Value> = (value: Value) => void

/**
 * An answer of one JSON value a line, each sent the moment `work` gives it. It ends when `work` is done; `signal`
 * tells `work` that the reader has left.
 * @param heartbeat ms between the empty lines that keep a silent connection open
 */
export function ndjsonStream<Value>(
  work: (send: Send<Value>, signal: AbortSignal) => Promise<void>,
  { signal, heartbeat = 15_000 }: { signal: AbortSignal; heartbeat?: number },
): Response {
  const encoder = new TextEncoder()
  const left = new AbortController()
  const both = AbortSignal.any([signal, left.signal])
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (line: string) => {
        if (!both.aborted) controller.enqueue(encoder.encode(`${line}\n`))
      }
      const beat = setInterval(() => write(''), heartbeat)
      try {
        await work((value) => write(JSON.stringify(value)), both)
        if (!both.aborted) controller.close()
      } catch (thrown) {
        if (!both.aborted) controller.error(thrown)
      } finally {
        clearInterval(beat)
      }
    },
    cancel: () => left.abort(),
  })
  return new Response(body, { headers: HEADERS })
}

/**
 * The values of such an answer, as they arrive.
 * @throws SyntaxError for a line that is not JSON, TypeError when the connection breaks
 */
export async function* readNdjson<Value>(body: ReadableStream<Uint8Array>): AsyncGenerator<Value> {
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
      for (const line of lines) if (line) yield JSON.parse(line) as Value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
