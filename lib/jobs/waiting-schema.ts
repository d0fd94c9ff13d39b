import { z } from 'zod'
import { Worded } from '#lib/i18n/worded.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { JobDraft } from './schema.ts'

/** A launch that waits until its provider takes another job. */
export const WaitingLaunch = z.object({
  /** Of the job that it becomes. */
  id: z.string(),
  providerId: ProviderId,
  model: z.string(),
  suffix: z.string(),
  /** ms; not tried before. */
  at: z.number(),
  /** Why it will not be tried again; null while it waits. */
  error: Worded.nullable(),
})
export type WaitingLaunch = z.infer<typeof WaitingLaunch>

export const WaitingDraft = z.object({
  draft: JobDraft,
  /** ms; the time at which the provider takes another job, as far as it is known. */
  at: z.number().int().min(0),
})
export type WaitingDraft = z.infer<typeof WaitingDraft>
