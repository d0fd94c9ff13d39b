/** Limits for an answer of a server that is not ours. */

/** Aborts when nothing has been heard for a while. */
export function watchSilence(ms: number, signal: AbortSignal) {
  const silent = new AbortController()
  const abort = () => silent.abort(new Error(`It has sent nothing for ${Math.ceil(ms / 1000)} s.`))
  let timer = setTimeout(abort, ms)
  return {
    signal: AbortSignal.any([signal, silent.signal]),
    /** Something came. */
    heard() {
      clearTimeout(timer)
      timer = setTimeout(abort, ms)
    },
    stop: () => clearTimeout(timer),
  }
}

/** @throws RangeError for an answer of more than `most` bytes */
export async function readWithin(answer: Response, most: number, heard: () => void): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early cancels the rest.
  for await (const chunk of answer.body ?? []) {
    heard()
    bytes += chunk.length
    if (bytes > most) throw new RangeError(`it sends more than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
