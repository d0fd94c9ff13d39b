'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { isDefiniteRefusal } from '#lib/core/definite-rejection.ts'
import { AppError } from '#lib/core/errors.ts'
import { jobsQuery, launchJob } from '#lib/jobs/queries.ts'
import { askedToConfirm } from './form-confirm.tsx'
import { mergeJobs } from './live-cache.ts'

/** Otherwise nobody knows whether the job began: the same id must be sent again, or none. */
const isRefused = (thrown: unknown): boolean => thrown instanceof AppError && isDefiniteRefusal(thrown.code)

interface Launch {
  onSend: () => void
  /** The id has stood for a request that was refused: the next one needs its own. */
  onRefused: () => void
  /** The draft has become a run. */
  onDone: () => void
}

/** Starts the run once and goes to its page. */
export function useLaunch({ onSend, onRefused, onDone }: Launch) {
  const router = useRouter()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: launchJob,
    onMutate: onSend,
    onSuccess: (job) => {
      onDone()
      queries.setQueryData(jobsQuery().queryKey, (jobs) => jobs && mergeJobs(jobs, [job]))
      router.push(`/jobs/${job.id}`)
    },
    onError: (thrown) => {
      // Who only has to say yes sends the same intent again.
      if (isRefused(thrown) && askedToConfirm(thrown) === null) onRefused()
    },
  })
}
