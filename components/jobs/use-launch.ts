'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { isDefiniteRefusal } from '#lib/core/definite-rejection.ts'
import { AppError } from '#lib/core/errors.ts'
import { jobsQuery, launchJob } from '#lib/jobs/queries.ts'
import { askedToConfirm } from './form-confirm.tsx'
import { mergeJobs } from './live-cache.ts'

/** Any other error leaves it unknown whether the job started: send the same id again, or nothing. */
const isRefused = (thrown: unknown): boolean => thrown instanceof AppError && isDefiniteRefusal(thrown.code)

interface Launch {
  onSend: () => void
  /** The request was rejected: the next one needs a new id. */
  onRefused: () => void
  /** The draft has become a job. */
  onDone: () => void
}

/** Starts the job once and opens its page. */
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
      // If only a confirmation is missing, the next request uses the same id.
      if (isRefused(thrown) && askedToConfirm(thrown) === null) onRefused()
    },
  })
}
