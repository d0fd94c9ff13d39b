import { AppError } from '#lib/core/errors.ts'

const MB = 1024 * 1024

/** Bytes of one event; a token's is some hundred. */
const MOST_EVENT = MB

/** Bytes of a whole stream: the longest answer of today's models, with the likelihoods of every token. */
const MOST_STREAM = 128 * MB

const END = /\r\n\r\n|\n\n|\r\r/g

const endless = (key: 'providers.streamTooLarge' | 'providers.eventTooLarge', most: number) =>
  new AppError('provider_refused', [key, { megabytes: most / MB }])

/** A stream of server-sent events, one character a byte (latin1). */
export interface Events {
  /**
   * @returns the events that are complete now, each with the empty line that ends it
   * @throws AppError provider_refused for an event, or a stream, that is too long
   */
  push(part: string): string[]
  /** The incomplete rest after the end. */
  rest(): string
}

/** Splits a stream into events. Holds at most one in memory. */
export function events(): Events {
  let rest = ''
  let received = 0
  return {
    push(part) {
      received += part.length
      if (received > MOST_STREAM) throw endless('providers.streamTooLarge', MOST_STREAM)
      // An end may lie across two parts; the part searched before is not searched again.
      END.lastIndex = Math.max(0, rest.length - 3)
      rest += part
      const found: string[] = []
      let from = 0
      for (let end = END.exec(rest); end; end = END.exec(rest)) {
        found.push(rest.slice(from, END.lastIndex))
        from = END.lastIndex
      }
      rest = rest.slice(from)
      if (rest.length > MOST_EVENT) throw endless('providers.eventTooLarge', MOST_EVENT)
      return found
    },
    rest: () => rest,
  }
}
