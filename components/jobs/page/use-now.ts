import { useSyncExternalStore } from 'react'

const everySecond = (tick: () => void) => {
  const timer = setInterval(tick, 1000)
  return () => clearInterval(timer)
}
const never = () => () => {}
/** Whole seconds, so that a snapshot is stable. */
const second = () => Math.floor(Date.now() / 1000) * 1000

/** The time in ms, each second anew while `ticking`; null on the server, whose clock is not the reader's. */
export const useNow = (ticking: boolean): number | null =>
  useSyncExternalStore(ticking ? everySecond : never, second, () => null)
