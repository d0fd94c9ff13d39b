import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'

/** The id of the key that is made on the first start. */
export const FIRST_KEY = 'first'

export const KeyDraft = z.object({
  name: z.string().trim().min(1, issue('auth.nameMissing')).max(64, issue('auth.nameTooLong')),
})
export type KeyDraft = z.infer<typeof KeyDraft>

/** An API key without its secret, safe to show. */
export const CallerKey = z.object({
  id: z.string(),
  /** Empty for the key of the first start, which the user did not name. */
  name: z.string(),
  /** Its first characters. */
  prefix: z.string(),
  /** ms; null when unknown. */
  createdAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
  calls: z.number(),
  revokedAt: z.number().nullable(),
})
export type CallerKey = z.infer<typeof CallerKey>

/** A key in clear: shown only to its maker, and to the owner on request. */
export const ShownKey = z.object({ key: z.string() })

export const NewCallerKey = ShownKey.extend({ keys: z.array(CallerKey) })
export type NewCallerKey = z.infer<typeof NewCallerKey>
