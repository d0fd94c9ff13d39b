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

/** ms for which what follows a sent text is gathered: a frame of a screen, and a tenth of the writes of a fast model. */
const FRAME = 16

/** Lets the first text go at once and what comes within the same frame together: each write costs the whole process. */
function gather(write: (text: string) => void) {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    if (!waiting) return
    write(waiting)
    waiting = ''
    timer = setTimeout(flush, FRAME)
  }
  return {
    send(text: string) {
      waiting += text
      if (!timer) flush()
    },
    end() {
      clearTimeout(timer)
      if (waiting) write(waiting)
      waiting = ''
    },
  }
}

/**
 * An answer whose text leaves when `work` sends it, a frame later at most. It ends when `work` is done; the signal that `work` gets
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
      const gathered = gather((text) => {
        if (!both.aborted) controller.enqueue(encoder.encode(text))
      })
      const timer = setInterval(() => gathered.send(beat), every)
      try {
        await work(gathered.send, both)
        gathered.end()
        if (!both.aborted) controller.close()
      } catch (thrown) {
        gathered.end()
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
