import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Processes that a stop passes through one after the other: the test, the studio, and the test as its provider. */
const HOPS = 3

/**
 * Measures how late this machine is by itself, for limits that are a promise to people and not a race: on an idle machine
 * nothing is added to them.
 * @returns ends the measurement; ms that the hops of a message may have waited for their turn
 */
export function measureLateness(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  return () => {
    delay.disable()
    return HOPS * (delay.max / 1e6)
  }
}
