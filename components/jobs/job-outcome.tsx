'use client'
import { Sparkline } from '#components/charts/sparkline.tsx'
import type { Series } from '#components/ui/series.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** Share of the steps that a run got through: a stopped one ends where it stopped. */
export const reached = ({ step, totalSteps }: Job) => (step && totalSteps ? step / totalSteps : 1)

/** The curve, or in its place the reason of a failure. */
export function JobOutcome({ job, series }: { job: Job; series?: Series }) {
  if (job.error && job.status === 'failed') {
    return (
      <span dir="auto" title={job.error.message} className="block truncate text-bad text-meta">
        {job.error.message}
      </span>
    )
  }
  return job.curve.length > 0 ? <Sparkline values={job.curve} series={series} progress={reached(job)} /> : '–'
}
