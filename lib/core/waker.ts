import { pause } from './pause.ts'

interface Sleep {
  /** ms that it lasts at least, so that what comes close together is seen in one look. */
  least?: number
  /** ms after which it ends without being woken; without it only a call of `wake` ends it. */
  most?: number
  signal: AbortSignal
}

/** Lets a loop sleep until there is something to do. What wakes it while it is awake ends its next sleep. */
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
      // A timer takes 2³¹ ms at most, and what never ends by itself needs none.
      const timer = Number.isFinite(most) ? setTimeout(end, most) : undefined
      this.#end = end
      signal.addEventListener('abort', end, { once: true })
    })
  }
}
