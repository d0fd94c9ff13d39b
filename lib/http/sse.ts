import { z } from 'zod'
import { answerOf } from './answer.ts'
import { liveText } from './live-text.ts'

export interface ServerEvent {
  /** Name of its kind, which has a schema. */
  event: string
  /** Cursor that a browser sends back as Last-Event-ID when it reconnects. */
  id?: string | number
  data: unknown
}

/** ms after which a browser comes back to a stream that ended. */
const RETRY = 1_000

/** One event as text; JSON never holds a bare line break, so one `data:` line is enough. */
function frame({ event, id, data }: ServerEvent): string {
  const head = `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}`
  return `${head}data: ${JSON.stringify(data)}\n\n`
}

/**
 * An event stream of what `events` yields, closed when the reader leaves.
 * @param schemas of what each kind of event carries
 */
export const eventStream = (
  schemas: Record<string, z.ZodType>,
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  { signal }: { signal: AbortSignal },
): Response =>
  liveText(
    async (send, both) => {
      send(`retry: ${RETRY}\n\n`)
      for await (const event of events(both)) {
        const data = answerOf(schemas[event.event] ?? z.never(), event.data)
        send(frame({ ...event, data }))
      }
    },
    { type: 'text/event-stream', signal, beat: ': beat\n\n' },
  )

/** Events of several sources, each as it comes; ends when all have ended. */
export async function* together(...sources: AsyncGenerator<ServerEvent>[]): AsyncGenerator<ServerEvent> {
  const next = (source: AsyncGenerator<ServerEvent>) => {
    const turn = source.next().then((result) => ({ source, ...result }))
    // Nobody waits for this one any more when another source has failed.
    turn.catch(() => undefined)
    return turn
  }
  const waiting = new Map(sources.map((source) => [source, next(source)]))
  try {
    while (waiting.size > 0) {
      const { source, done, value } = await Promise.race(waiting.values())
      if (done) waiting.delete(source)
      else {
        waiting.set(source, next(source))
        yield value
      }
    }
  } finally {
    for (const source of sources) void source.return(undefined)
  }
}
