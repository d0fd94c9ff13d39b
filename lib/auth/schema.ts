import { z } from 'zod'
import { issue } from '#lib/i18n/issue-words.ts'

/** The id of the key that is made on the first start. */
export const FIRST_KEY = 'first'

export const KeyDraft = z.object({
  name: z.string().trim().min(1, issue('auth.nameMissing')).max(64, issue('auth.nameTooLong')),
})
export type KeyDraft = z.infer<typeof KeyDraft>

/** A program's key as it can be shown at any time: nothing here opens a door. */
export const CallerKey = z.object({
  id: z.string(),
  /** Empty for the key of the first start, which a person did not name. */
  name: z.string(),
  /** Its first characters. */
  prefix: z.string(),
  /** ms; null where it was not written down. */
  createdAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
  calls: z.number(),
  revokedAt: z.number().nullable(),
})
export type CallerKey = z.infer<typeof CallerKey>

/** A key in clear: only its maker and the owner who asks for it are shown one. */
export const ShownKey = z.object({ key: z.string() })

export const NewCallerKey = ShownKey.extend({ keys: z.array(CallerKey) })
export type NewCallerKey = z.infer<typeof NewCallerKey>
