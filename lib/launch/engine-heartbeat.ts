import { setEngineOutage } from '#lib/providers/registry.ts'

/** In ms. */
export interface HeartbeatWaits {
  /** Between two heartbeats, and between two looks for one. */
  beat: number
  /** Without a heartbeat: questions to the engine are answered with an error at once. */
  silent: number
  /** Without a heartbeat: the engine is killed and started again. */
  dead: number
}

/**
 * Counts looks, not time: a computer that slept, or a studio that was busy, reads the waiting heartbeats at its next
 * look and holds nothing against the engine.
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
