import { totalmem } from 'node:os'
import { freeMemory } from '#lib/core/free-memory.ts'

/** In ms. */
const LOOK = 500

/** Share of all memory that stays free: below it the system begins to swap or to end processes. */
const KEPT_FREE = 0.02

/**
 * Looks at the free memory while a trainer works.
 * @param act called once, when little is left; at once is best, because a step can take more within a second
 * @returns stops looking
 */
export function watchMemory(act: (free: number) => void, free = freeMemory, kept = KEPT_FREE * totalmem()) {
  const timer = setInterval(() => {
    const left = free()
    if (left >= kept) return
    clearInterval(timer)
    act(left)
  }, LOOK)
  timer.unref()
  return () => clearInterval(timer)
}
