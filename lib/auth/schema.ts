import { z } from 'zod'

/** The id of the key that is made on the first start. */
export const FIRST_KEY = 'first'

export const KeyDraft = z.object({
  name: z.string().trim().min(1, 'Name the program that will use it.').max(64, 'At most 64 characters.'),
})
export type KeyDraft = z.infer<typeof KeyDraft>

/** A program's key as it can be shown at any time: nothing here opens a door. */
export interface CallerKey {
  id: string
  /** Empty for the key of the first start, which a person did not name. */
  name: string
  /** Its first characters. */
  prefix: string
  /** ms; null where it was not written down. */
  createdAt: number | null
  lastUsedAt: number | null
  calls: number
  revokedAt: number | null
}

/** The one answer that holds a key. */
export interface NewCallerKey {
  key: string
  keys: CallerKey[]
}
