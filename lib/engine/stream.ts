import { ReadableStream as NodeStream } from 'node:stream/web'

/** Converts bytes to a response body: pulls on demand, and stops when the client disconnects. */
export const streamOf = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> =>
  NodeStream.from(bytes) as ReadableStream<Uint8Array<ArrayBuffer>> // the DOM's type lacks `from`
