import { CLOSINGS, SHIPPED } from './closing-dates.ts'
import type { Closing, ClosingDates } from './closings-schema.ts'
import { changedDates, keepDates } from './closings-store.ts'

/** OpenAI's shutdowns, with the dates that the user has changed. */
export async function listClosings(): Promise<Closing[]> {
  const changed = new Map((await changedDates()).map(({ what, date }) => [what, date]))
  return CLOSINGS.map((what) => ({ what, date: changed.get(what) ?? SHIPPED[what], own: changed.has(what) }))
}

/** Sets the dates; those that are the shipped ones follow an update again. */
export async function setClosings(dates: ClosingDates): Promise<Closing[]> {
  const changed = CLOSINGS.filter((what) => dates[what] !== SHIPPED[what])
  await keepDates(changed.map((what) => ({ what, date: dates[what] })))
  return listClosings()
}
