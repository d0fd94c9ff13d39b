import type { Job } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'

/** The steps that an axis has room for: those planned; null once the job has ended, whose curve then fills the axis. */
export const axisSteps = ({ status, totalSteps }: Job): number | null =>
  isActive(status) ? totalSteps : null
