import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'
import { CLOSINGS } from './closing-dates.ts'

/** A shutdown of OpenAI's. */
export const Closing = z.object({
  what: z.enum(CLOSINGS),
  /** YYYY-MM-DD */
  date: z.string(),
  /** Changed by the user. */
  own: z.boolean(),
})
export type Closing = z.infer<typeof Closing>

/** Other dates than the shipped ones; the shipped date takes a change back. */
export const ClosingDates = z.record(z.enum(CLOSINGS), z.iso.date(issue('providers.dateForm')))
export type ClosingDates = z.infer<typeof ClosingDates>
