'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { cancelJob } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useJobAction } from './use-job-action.ts'

export function CancelButton({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs.cancel')
  const [open, setOpen] = useState(false)
  const cancel = useJobAction(cancelJob)
  if (job.remoteId === null) {
    return (
      <Button disabled reason={t('notYet')}>
        {t('action')}
      </Button>
    )
  }
  return (
    <AlertDialog
      title={t('title')}
      description={t('sentence')}
      confirmLabel={t('confirm')}
      open={open}
      onOpenChange={setOpen}
      busy={cancel.isPending}
      onConfirm={() => cancel.mutate(job.id, { onSuccess: () => setOpen(false) })}
      trigger={<Button variant="danger">{t('action')}</Button>}
    >
      {cancel.error && <Failure error={cancel.error} />}
    </AlertDialog>
  )
}
