import { setTimeout as pause } from 'node:timers/promises'

/** Time limit of a wait in ms: below the limit of a test, so that the failure names the missing state. */
const LIMIT = 600_000

type Maybe<Found> = Found | undefined | false | null

async function poll<Found>(
  what: string,
  look: () => Promise<Maybe<Found>> | Maybe<Found>,
  every: number,
): Promise<Found> {
  for (const start = performance.now(); performance.now() - start < LIMIT; await pause(every)) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`Waited ${LIMIT / 1000} s for ${what}.`)
}

/**
 * Waits until `look` finds something, on a slow machine too.
 * @param what named in the error after the time limit
 */
export const until = <Found>(
  what: string,
  look: () => Promise<Maybe<Found>> | Maybe<Found>,
): Promise<Found> => poll(what, look, 25)

/** Waits until `holds` returns true, for checks without requests; the error shows its source. */
export const untilTrue = (holds: () => Promise<boolean> | boolean): Promise<boolean> =>
  poll(String(holds), holds, 5)
