'use client'
import { Sparkline } from '#components/charts/sparkline.tsx'
import type { Series } from '#components/ui/series.ts'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** Share of the steps that a job completed: a cancelled job ends where it stopped. */
export const reached = ({ step, totalSteps }: Job) => (step && totalSteps ? step / totalSteps : 1)

/** The curve, or the failure reason. */
export function JobOutcome({ job, series }: { job: Job; series?: Series }) {
  const say = useErrorWords()
  if (job.error && job.status === 'failed') {
    const words = say(job.error)
    return (
      <span dir="auto" title={words} className="block truncate text-bad text-meta">
        {words}
      </span>
    )
  }
  return job.curve.length > 0 ? <Sparkline values={job.curve} series={series} progress={reached(job)} /> : '–'
}
