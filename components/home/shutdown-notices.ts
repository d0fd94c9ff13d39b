const DAY = 86_400_000

/** Whole days from the UTC day of `now` (ms) to a date; negative once it has passed. */
export const daysLeft = (date: string, now: number): number =>
  Math.round((Date.parse(`${date}T00:00:00Z`) - Math.floor(now / DAY) * DAY) / DAY)
