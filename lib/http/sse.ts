export interface ServerEvent {
  event?: string
  /** Cursor that a browser sends back as Last-Event-ID when it reconnects. */
  id?: string | number
  data: unknown
}

/** ms after which a browser comes back to a stream that ended. */
const RETRY = 1_000

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform keeps Next from compressing, so that one event is one chunk.
  'cache-control': 'no-store, no-transform',
}

/** One event as text; JSON never holds a bare line break, so one `data:` line is enough. */
function frame({ event, id, data }: ServerEvent): string {
  const head = `${event ? `event: ${event}\n` : ''}${id === undefined ? '' : `id: ${id}\n`}`
  return `${head}data: ${JSON.stringify(data)}\n\n`
}

/**
 * An event stream of what `events` yields, closed when the reader leaves.
 * @param heartbeat ms between comments that keep the connection and tell a dead one
 */
export function eventStream(
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  { signal, heartbeat = 15_000 }: { signal: AbortSignal; heartbeat?: number },
): Response {
  const encoder = new TextEncoder()
  const left = new AbortController()
  const both = AbortSignal.any([signal, left.signal])
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string) => {
        if (!both.aborted) controller.enqueue(encoder.encode(text))
      }
      send(`retry: ${RETRY}\n\n`)
      const beat = setInterval(() => send(': beat\n\n'), heartbeat)
      try {
        for await (const event of events(both)) send(frame(event))
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

/** Waits `ms`, or less when the signal says stop. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
