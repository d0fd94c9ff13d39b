import { pause } from './pause.ts'

interface Sleep {
  /** Minimum in ms: events close together are handled in one pass. */
  least?: number
  /** Maximum in ms; without it only `wake` or the signal ends the sleep. */
  most?: number
  signal: AbortSignal
}

/** Lets a loop sleep until there is something to do. A `wake` while the loop runs ends its next sleep. */
export class Waker {
  #woken = false
  #end = () => {}

  readonly wake = (): void => {
    this.#woken = true
    this.#end()
  }

  async sleep({ least = 0, most = Number.POSITIVE_INFINITY, signal }: Sleep): Promise<void> {
    await pause(least, signal)
    if (!this.#woken && most > least) await this.#untilWoken(most - least, signal)
    this.#woken = false
  }

  #untilWoken(most: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#end = () => {}
        resolve()
      }
      // setTimeout takes 2³¹ ms at most, so Infinity gets no timer.
      const timer = Number.isFinite(most) ? setTimeout(end, most) : undefined
      this.#end = end
      signal.addEventListener('abort', end, { once: true })
    })
  }
}
