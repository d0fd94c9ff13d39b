interface LiveText {
  /** Media type of the answer. */
  type: string
  /** The caller's own signal. */
  signal: AbortSignal
  /** Sent again and again, so that a silent connection stays and a dead one shows. */
  beat: string
  /** ms between two beats. */
  every?: number
}

/**
 * An answer whose text leaves the moment `work` sends it. It ends when `work` is done; the signal that `work` gets
 * tells that the reader has left.
 */
export function liveText(
  work: (send: (text: string) => void, signal: AbortSignal) => Promise<void>,
  { type, signal, beat, every = 15_000 }: LiveText,
): Response {
  const encoder = new TextEncoder()
  const left = new AbortController()
  const both = AbortSignal.any([signal, left.signal])
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string) => {
        if (!both.aborted) controller.enqueue(encoder.encode(text))
      }
      const timer = setInterval(() => send(beat), every)
      try {
        await work(send, both)
        if (!both.aborted) controller.close()
      } catch (thrown) {
        if (!both.aborted) controller.error(thrown)
      } finally {
        clearInterval(timer)
      }
    },
    cancel: () => left.abort(),
  })
  // no-transform keeps Next from compressing, so that what is sent is one chunk.
  return new Response(body, {
    headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store, no-transform' },
  })
}
