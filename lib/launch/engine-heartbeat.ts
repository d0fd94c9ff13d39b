import { setEngineOutage } from '#lib/providers/registry.ts'

/** In ms. */
export interface HeartbeatWaits {
  /** Between two heartbeats, and between two checks for one. */
  beat: number
  /** Without a heartbeat: requests to the engine fail at once. */
  silent: number
  /** Without a heartbeat: the engine is killed and restarted. */
  dead: number
}

/**
 * Counts checks, not time: after sleep, or when the studio was busy, waiting heartbeats are read at the next check, so
 * the engine is not blamed.
 */
export function watchHeart({ beat, silent, dead }: HeartbeatWaits, onDead: () => void) {
  let missed = 0
  const watch = setInterval(() => {
    missed += beat
    if (missed > silent) setEngineOutage('providers.engineSilent')
    if (missed <= dead) return
    console.error(`The built-in engine has not answered for ${dead / 1000} s. It is ended and started again.`)
    missed = 0
    onDead()
  }, beat)
  watch.unref()
  return {
    beat(): void {
      if (missed > silent) setEngineOutage(null)
      missed = 0
    },
    stop: () => clearInterval(watch),
  }
}
