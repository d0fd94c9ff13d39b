import { z } from 'zod'
import { ItemKind, Reason } from '#lib/archive/schema.ts'
import { Worded } from '#lib/i18n/worded.ts'
import { ProviderId } from '#lib/providers/schema.ts'

/** How much of one kind of things is here. */
export const Meter = z.object({
  kind: ItemKind,
  count: z.number(),
  saved: z.number(),
  /** Still to be asked for the first time. */
  waiting: z.number(),
  /** The others, by why they are not here. */
  missing: z.array(z.object({ reason: Reason, count: z.number() })),
})
export type Meter = z.infer<typeof Meter>

export const RescueState = z.enum(['none', 'running', 'stopped', 'failed', 'done'])
export type RescueState = z.infer<typeof RescueState>

/** The rescue of a provider: the copy of an account's whole fine-tuning history. */
export const Rescue = z.object({
  providerId: ProviderId,
  name: z.string(),
  /** Its key is set: it can be asked. */
  configured: z.boolean(),
  state: RescueState,
  error: Worded.nullable(),
  /** ms. */
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  meters: z.array(Meter),
  /** Items that are not here or could not be brought up to date. */
  missing: z.number(),
  bytes: z.number(),
})
export type Rescue = z.infer<typeof Rescue>

export const RescueDraft = z.object({
  /** Asks again also for what the provider did not have. */
  retry: z.boolean().default(false),
})
export type RescueDraft = z.infer<typeof RescueDraft>

/** Something that is not here, and why. */
export const MissingItem = z.object({
  kind: ItemKind,
  id: z.string(),
  filename: z.string().nullable(),
  reason: Reason,
  error: Worded.nullable(),
  /** An older copy of it is here. */
  saved: z.boolean(),
  checkedAt: z.number().nullable(),
})
export type MissingItem = z.infer<typeof MissingItem>
