import { z } from 'zod'
import { answerOf } from './answer.ts'
import { liveText } from './live-text.ts'

export interface ServerEvent {
  /** Event type; selects the schema. */
  event: string
  /** Cursor: the browser sends it back as Last-Event-ID when it reconnects. */
  id?: string | number
  data: unknown
}

/** ms after which a browser reconnects. */
const RETRY = 1_000

/** One event as text; JSON has no bare line break, so one `data:` line is enough. */
function frame({ event, id, data }: ServerEvent): string {
  const head = `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}`
  return `${head}data: ${JSON.stringify(data)}\n\n`
}

/**
 * An event stream of what `events` yields; ends when the client disconnects.
 * @param schemas of the data, by event type
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

/** Merges the events of several sources as they come; ends when all have ended. */
export async function* together(...sources: AsyncGenerator<ServerEvent>[]): AsyncGenerator<ServerEvent> {
  const next = (source: AsyncGenerator<ServerEvent>) => {
    const turn = source.next().then((result) => ({ source, ...result }))
    // After another source has failed nothing awaits this promise.
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
