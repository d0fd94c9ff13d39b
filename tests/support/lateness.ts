import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Process switches until a stop has taken effect: the test, the studio, and the test as its provider. */
const HOPS = 3

/**
 * Measures the scheduling delay of this machine, which tests add to the time limits that the product promises. On an idle
 * machine it is near 0.
 * @returns ends the measurement; returns the ms by which the hops of a message may be late
 */
export function measureLateness(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  return () => {
    delay.disable()
    return HOPS * (delay.max / 1e6)
  }
}
