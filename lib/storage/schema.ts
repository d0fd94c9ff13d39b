import { z } from 'zod'
import { Worded } from '#lib/i18n/worded.ts'
import { JobIds } from '#lib/jobs/schema.ts'
import { ProviderId } from '#lib/providers/schema.ts'

/** Room on the disk of the data folder. */
export const Space = z.object({
  /** Bytes; null when the system does not report it. */
  free: z.number().nullable(),
  /** `full`: changes are refused, existing data can be read. */
  state: z.enum(['enough', 'low', 'full']),
})
export type Space = z.infer<typeof Space>

/** What the data folder holds. */
export const PARTS = [
  'database',
  'rows',
  'models',
  'files',
  'archive',
  'backups',
  'lost',
  'temporary',
  'other',
] as const
export type Part = (typeof PARTS)[number]

/** What the data folder takes of the disk, in bytes. */
export const Usage = z.object({
  total: z.number(),
  /** null when the system does not report it. */
  free: z.number().nullable(),
  /** Only those that take something. */
  parts: z.array(z.object({ name: z.enum(PARTS), bytes: z.number() })),
})
export type Usage = z.infer<typeof Usage>

/** A dataset that was deleted and can be brought back. */
export const DeletedDataset = z.object({
  id: z.string(),
  name: z.string(),
  lines: z.number(),
  /** ms */
  deletedAt: z.number(),
})
export type DeletedDataset = z.infer<typeof DeletedDataset>

export const JobsQuery = z.object({
  /** Comma-separated. */
  ids: z
    .string()
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(JobIds),
})

/** What depends on a job, and so what its deletion means. */
export const JobDependents = z.object({
  id: z.string(),
  providerId: ProviderId,
  /** Why it cannot be deleted now. */
  obstacle: Worded.nullable(),
  /** Its models are on this computer and are deleted with it; else only what is known of it here. */
  here: z.boolean(),
  models: z.number(),
  /** Those that point to its models. */
  aliases: z.array(z.string()),
  /** Numbers of the jobs that were trained further from its models. */
  further: z.array(z.number()),
  evaluations: z.number(),
  comparisons: z.number(),
})
export type JobDependents = z.infer<typeof JobDependents>
