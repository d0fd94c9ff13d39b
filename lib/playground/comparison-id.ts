import { type JobId, newId } from '#lib/core/ids.ts'

export const newComparisonId = (): string => newId('cmp_')

/** Id of the comparison that a job's page asks for by itself: one for each job, so that it is asked only once. */
export const firstComparisonId = (jobId: JobId): string => `cmp_${jobId.slice(-24)}`
