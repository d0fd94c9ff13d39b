import { setTimeout as pause } from 'node:timers/promises'

/** ms until a wait is given up: below the limit of a test, so that a failure names what never came. */
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
 * Waits until `look` finds something, however slow the machine is.
 * @param what named in the error of a wait that is given up
 */
export const until = <Found>(
  what: string,
  look: () => Promise<Maybe<Found>> | Maybe<Found>,
): Promise<Found> => poll(what, look, 25)

/** Waits until `holds` does, where a look costs no request; its source says what was waited for. */
export const untilTrue = (holds: () => Promise<boolean> | boolean): Promise<boolean> =>
  poll(String(holds), holds, 5)
