import { ReadableStream as NodeStream } from 'node:stream/web'

/** Bytes as the body of an answer: asked for one by one, and told to stop when the reader leaves. */
export const streamOf = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> =>
  NodeStream.from(bytes) as ReadableStream<Uint8Array<ArrayBuffer>> // the DOM's type lacks `from`
