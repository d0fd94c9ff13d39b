import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useComparison } from '#components/playground/use-comparison.ts'
import { SAMPLING } from '#components/playground/use-question.ts'
import { AppError } from '#lib/core/errors.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { firstComparisonId } from '#lib/playground/comparison-id.ts'
import { openJob } from '#lib/playground/initial-panes.ts'
import { comparisonQuery } from '#lib/playground/queries.ts'
import type { CompareDraft } from '#lib/playground/schema.ts'

function firstComparison(job: JobDetail): CompareDraft {
  const { system, prompt, panes, data } = openJob(job)
  return {
    ...SAMPLING,
    ...{ id: firstComparisonId(job.id), system, prompt, data, jobId: job.id },
    panes: panes.filter((pane) => pane !== null),
  }
}

/**
 * What base and fine-tuned model say to a question that the job was not trained on. Asked when the page first shows the
 * finished job, and kept: later visits show the same answers.
 */
export function useFirstAnswers(job: JobDetail) {
  const { asked, run, restore, again } = useComparison(null)
  const id = firstComparisonId(job.id)
  const { data: made, error, isFetching } = useQuery({ ...comparisonQuery(id), retry: false })
  const isNew = !isFetching && error instanceof AppError && error.code === 'not_found'
  useEffect(() => {
    if (asked || (!made && !isNew)) return
    // A page that is mounted twice, as in development, asks once.
    const start = setTimeout(() => (made ? restore(made) : void run(firstComparison(job))))
    return () => clearTimeout(start)
  })
  // Answers that were stopped by leaving the page are asked for again.
  const resumed = useRef(false)
  useEffect(() => {
    if (!made || !asked || resumed.current) return
    resumed.current = true
    for (const [place, [column]] of asked.columns.entries())
      if (column?.state === 'stopped') void again(place)
  })
  return { id, columns: asked?.columns.map(([column]) => column) ?? [], error: isNew ? null : error, again }
}
