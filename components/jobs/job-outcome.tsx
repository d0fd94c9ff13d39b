'use client'
import { Sparkline } from '#components/charts/sparkline.tsx'
import type { Series } from '#components/ui/series.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { useFailureWords } from './failure-words.ts'

/** Share of the steps that a job completed: a cancelled job ends where it stopped. */
export const reached = ({ step, totalSteps }: Job) => (step && totalSteps ? step / totalSteps : 1)

/** The curve, or the failure reason. */
export function JobOutcome({ job, series }: { job: Job; series?: Series }) {
  const words = useFailureWords()
  if (job.error && job.status === 'failed') {
    const { lead, said } = words(job.error)
    return (
      <span dir="auto" title={said ?? lead} className="block truncate text-bad text-meta">
        {lead}
      </span>
    )
  }
  return job.curve.length > 0 ? <Sparkline values={job.curve} series={series} progress={reached(job)} /> : '–'
}
