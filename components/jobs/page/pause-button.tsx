'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { pauseJobMutation } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'

type Change = 'pause' | 'resume'

export interface Pausing {
  /** What pressing the button does; null where there is nothing to pause or resume. */
  offered: Change | null
  busy: boolean
  error: Error | null
  act: () => void
}

const OFFERED: Partial<Record<string, Change>> = {
  queued: 'pause',
  running: 'pause',
  pausing: 'pause',
  paused: 'resume',
}

/** Pauses a job that waits or trains, and resumes a paused one, where the provider can. */
export function usePausing({ id, status, remoteId, providerId }: JobDetail): Pausing {
  const { isPending, error, mutate } = useMutation(pauseJobMutation(id))
  const can = remoteId !== null && capabilitiesOf(providerId).pause
  const offered = (can && OFFERED[status]) || null
  return {
    offered,
    busy: isPending || status === 'pausing',
    error,
    act: () => offered && mutate(offered),
  }
}

export function PauseButton({ offered, busy, act }: Pausing) {
  const t = useTranslations('job.pause')
  if (offered === null) return null
  return (
    <Button busy={busy} busyLabel={t(`${offered}.busy`)} onClick={act}>
      {t(`${offered}.action`)}
    </Button>
  )
}
