'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { isDefiniteRefusal } from '#lib/core/definite-rejection.ts'
import { AppError } from '#lib/core/errors.ts'
import { newJobId } from '#lib/core/ids.ts'
import { launchJobMutation, launchSweepMutation } from '#lib/jobs/queries.ts'
import { askedToConfirm } from './form-confirm.tsx'

/** Any other error leaves it unknown whether the job started: send the same id again, or nothing. */
const isRefused = (thrown: unknown): boolean => thrown instanceof AppError && isDefiniteRefusal(thrown.code)

interface Launch {
  onSend?: () => void
  /** The request was rejected: the next one needs a new id. */
  onRefused: () => void
  /** The draft has become a job. */
  onDone?: () => void
}

/** Starts the job once and opens its page. */
export function useLaunch({ onSend, onRefused, onDone }: Launch) {
  const router = useRouter()
  return useMutation({
    ...launchJobMutation(),
    onMutate: onSend,
    onSuccess: (job) => {
      onDone?.()
      router.push(`/jobs/${job.id}`)
    },
    onError: (thrown) => {
      // If only a confirmation is missing, the next request uses the same id.
      if (isRefused(thrown) && askedToConfirm(thrown) === null) onRefused()
    },
  })
}

/** Starts the jobs of a sweep and opens the list. Those that were launched before a refusal are not launched again. */
export function useSweep({ onSend, onDone }: Pick<Launch, 'onSend' | 'onDone'>) {
  const router = useRouter()
  return useMutation({
    ...launchSweepMutation(),
    onMutate: onSend,
    onSuccess: () => {
      onDone?.()
      router.push('/jobs')
    },
  })
}

/** A launch and its id: a retry of a job that may have started keeps the id, a launch after a refusal gets a new one. */
export function useOwnLaunch() {
  const [id, setId] = useState(newJobId)
  const renew = () => setId(newJobId())
  return { id, renew, launch: useLaunch({ onRefused: renew }) }
}
