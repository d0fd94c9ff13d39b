/** Maximum number of streams over all tabs: browsers allow six connections to a host, and page loads need the rest. */
const SLOTS = 3

/** Holds the slot until `release` settles; resolves to whether the slot was free. */
function tryTake(slot: number, release: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`limerick-stream-${slot}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? release : undefined
    })
  })
}

/**
 * Takes a slot for an event stream, shared by all tabs of this browser.
 * @param release frees the slot when it settles; closing the tab frees it too
 * @returns false if all slots are taken: the tab then polls
 */
export async function takeSlot(release: Promise<void>): Promise<boolean> {
  if (!('locks' in navigator)) return false
  for (let slot = 0; slot < SLOTS; slot++) if (await tryTake(slot, release)) return true
  return false
}
