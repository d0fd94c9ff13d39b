'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { cancelJob } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { useJobAction } from './use-job-action.ts'

interface EndProps {
  job: JobDetail
  keep: boolean
}

function End({ job, keep }: EndProps) {
  const t = useTranslations()
  const [open, setOpen] = useState(false)
  const end = useJobAction((jobId: string) => cancelJob(jobId, keep))
  const words = keep
    ? {
        title: t('run.stop.keepTitle'),
        description: t('run.stop.keepSentence'),
        confirmLabel: t('run.stop.keepConfirm'),
      }
    : {
        title: t('jobs.cancel.title'),
        description: t('jobs.cancel.sentence'),
        confirmLabel: t('jobs.cancel.confirm'),
      }
  return (
    <AlertDialog
      {...words}
      open={open}
      onOpenChange={setOpen}
      busy={end.isPending}
      onConfirm={() => end.mutate(job.id, { onSuccess: () => setOpen(false) })}
      trigger={
        <Button variant={keep ? 'default' : 'danger'}>
          {keep ? t('run.stop.keep') : t('jobs.cancel.action')}
        </Button>
      }
    >
      {end.error && <Failure error={end.error} />}
    </AlertDialog>
  )
}

/** Ends the run; where its provider can, also for what it has learnt until then. */
export function CancelButton({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs.cancel')
  if (job.remoteId === null) {
    return (
      <Button disabled reason={t('notYet')}>
        {t('action')}
      </Button>
    )
  }
  const canKeep = capabilitiesOf(job.providerId).stopKeeping && job.status === 'running'
  return (
    <>
      {canKeep && <End job={job} keep />}
      <End job={job} keep={false} />
    </>
  )
}
