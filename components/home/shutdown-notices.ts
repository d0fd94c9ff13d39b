/** The day on which OpenAI's deprecations page (developers.openai.com/api/docs/deprecations) was read. */
export const READ = '2026-11-22'

/** Shutdowns that OpenAI had announced there. */
export const CLOSINGS = [
  { what: 'evals', date: '2026-11-30' },
  { what: 'jobs', date: '2027-01-06' },
  { what: 'models', date: '2027-01-14' },
] as const

const DAY = 86_400_000

/** Whole days from the UTC day of `now` (ms) to a date; negative once it has passed. */
export const daysLeft = (date: string, now: number): number =>
  Math.round((Date.parse(`${date}T00:00:00Z`) - Math.floor(now / DAY) * DAY) / DAY)

/** Days left below which the number is shown as a warning. */
export const SOON = 14
