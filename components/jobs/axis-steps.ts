import type { Job } from '#lib/jobs/schema.ts'

/** The steps that an axis shows: those planned, or those of a job that early stopping has ended before. */
export const axisSteps = ({ status, step, totalSteps }: Job): number | null =>
  status === 'succeeded' ? (step ?? totalSteps) : totalSteps
