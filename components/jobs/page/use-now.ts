import { useSyncExternalStore } from 'react'

const everySecond = (tick: () => void) => {
  const timer = setInterval(tick, 1000)
  return () => clearInterval(timer)
}
const never = () => () => {}
/** Whole seconds: a stable snapshot between two ticks. */
const second = () => Math.floor(Date.now() / 1000) * 1000

/** The time in ms, updated each second while `ticking`; null on the server, whose clock may differ from the user's. */
export const useNow = (ticking: boolean): number | null =>
  useSyncExternalStore(ticking ? everySecond : never, second, () => null)
