/** Streams that all tabs together may hold: a browser has six connections to a host, and pages must load through the rest. */
const SLOTS = 3

/** Held until `release` settles; resolves to whether the slot was free. */
function tryTake(slot: number, release: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`limerick-stream-${slot}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? release : undefined
    })
  })
}

/**
 * Takes one of the few places for a lasting stream, across all tabs of this browser.
 * @param release the place is given back when this settles, or when the tab ends
 * @returns false when all are taken: the tab then asks now and then instead
 */
export async function takeSlot(release: Promise<void>): Promise<boolean> {
  if (!('locks' in navigator)) return false
  for (let slot = 0; slot < SLOTS; slot++) if (await tryTake(slot, release)) return true
  return false
}
