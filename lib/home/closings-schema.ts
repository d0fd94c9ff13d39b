import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'

/** The day on which OpenAI's deprecations page (developers.openai.com/api/docs/deprecations) was read. */
export const READ = '2026-11-22'

/** Shutdowns that OpenAI had announced there. */
export const SHIPPED = { evals: '2026-11-30', jobs: '2027-01-06', models: '2027-01-14' } as const

export const CLOSINGS = ['evals', 'jobs', 'models'] as const

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
