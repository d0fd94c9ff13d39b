/** ms of the recent past that count for the rate. */
const RECENT = 5_000
const SLOT = 250

export interface Rate {
  note(bytes: number): void
  /** Bytes per second of the last seconds; null before there is anything to measure. */
  perSecond(): number | null
}

/** Measures how fast bytes come, over the last seconds. */
export function rateMeter(): Rate {
  const began = performance.now()
  let slots: { at: number; bytes: number }[] = []
  return {
    note(bytes) {
      if (bytes < 0) return
      const at = performance.now()
      const last = slots.at(-1)
      if (last && at - last.at < SLOT) last.bytes += bytes
      else slots.push({ at, bytes })
    },
    perSecond() {
      const now = performance.now()
      slots = slots.filter(({ at }) => now - at < RECENT)
      const past = Math.min(RECENT, now - began)
      if (past < SLOT) return null
      return (slots.reduce((sum, { bytes }) => sum + bytes, 0) * 1000) / past
    },
  }
}
