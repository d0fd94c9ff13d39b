import { pause } from '#lib/core/pause.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { listProviders } from '#lib/providers/registry.ts'
import { bringHome } from './run.ts'
import { endRescue, rescueRecords } from './store.ts'

/** All in ms; parameters, so that tests need not wait. */
export interface RescueWaits {
  /** Least time between two rounds. */
  tick: number
  /** Longest wait after a failure of the provider. */
  longest: number
}

const WAITS: RescueWaits = { tick: 200, longest: 30_000 }

interface Run {
  stop: AbortController
  ended: Promise<void>
}

/** Runs a rescue to its end and writes down how it ended; one that is stopped or cut goes on later. */
async function run(providerId: string, signal: AbortSignal, longest: number): Promise<void> {
  try {
    await bringHome({ providerId, signal, longest })
    await endRescue(providerId, 'done')
  } catch (thrown) {
    if (signal.aborted) return
    const error = failure(thrown)
    logInternal(error)
    await endRescue(providerId, 'failed', error.words)
  }
}

/** The providers whose rescue is to run and that can be asked. */
async function wanted(): Promise<Set<string>> {
  const here = new Set<string>(listProviders().map(({ id }) => id))
  const records = await rescueRecords()
  return new Set(
    records
      .filter(({ state, provider_id }) => state === 'running' && here.has(provider_id))
      .map((record) => record.provider_id),
  )
}

/**
 * Runs the rescues that were started, in the background, also those that an earlier process left unfinished.
 * @returns when the signal has ended it and all its work
 */
export async function startRescues(signal: AbortSignal, waits: Partial<RescueWaits> = {}): Promise<void> {
  const { tick, longest } = { ...WAITS, ...waits }
  const waker = new Waker()
  const unsubscribe = onChanges(['rescues'], waker.wake)
  const runs = new Map<string, Run>()
  const begin = (providerId: string) => {
    const stop = new AbortController()
    const ended = run(providerId, AbortSignal.any([signal, stop.signal]), longest)
      .catch((thrown: unknown) => logInternal(failure(thrown)))
      .finally(() => {
        runs.delete(providerId)
        waker.wake()
      })
    runs.set(providerId, { stop, ended })
  }
  try {
    while (!signal.aborted) {
      const ids = await wanted().catch(async (thrown: unknown) => {
        logInternal(failure(thrown))
        await pause(tick * 5, signal)
        return new Set(runs.keys())
      })
      for (const [id, { stop }] of runs) if (!ids.has(id)) stop.abort()
      for (const id of ids) if (!runs.has(id)) begin(id)
      await waker.sleep({ least: tick, signal })
    }
  } finally {
    unsubscribe()
    await Promise.all([...runs.values()].map(({ ended }) => ended))
  }
}
