interface LiveText {
  /** Media type of the answer. */
  type: string
  /** The client's signal. */
  signal: AbortSignal
  /** Text sent at intervals: it keeps a silent connection open and reveals a dead one. */
  beat: string
  /** ms between two beats. */
  every?: number
}

/** ms for which text is buffered after each write: one screen frame; a fast model then needs a tenth of the writes. */
const FRAME = 16

/** Sends the first text at once and joins what follows within a frame: writes are expensive for the whole process. */
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
 * A streaming response: text that `work` sends leaves within a frame. The response ends when `work` is done; the signal
 * passed to `work` aborts when the client disconnects.
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
  // no-transform keeps Next from compressing: each write stays one chunk.
  return new Response(body, {
    headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store, no-transform' },
  })
}
