'use client'
import { useMutation } from '@tanstack/react-query'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Note } from '#components/ui/note.tsx'
import { abandonJobMutation, reconcileJobMutation } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

function LetGo({ job }: { job: JobDetail }) {
  const t = useTranslations('job.lost')
  const [open, setOpen] = useState(false)
  const abandon = useMutation({ ...abandonJobMutation(job.id), onSuccess: () => setOpen(false) })
  return (
    <AlertDialog
      title={t('letGoTitle')}
      description={t('letGoSentence')}
      confirmLabel={t('letGo')}
      open={open}
      onOpenChange={setOpen}
      busy={abandon.isPending}
      onConfirm={() => abandon.mutate()}
      trigger={<Button variant="ghost">{t('letGo')}</Button>}
    >
      {abandon.error && <Failure error={abandon.error} />}
    </AlertDialog>
  )
}

/**
 * The response to the create request was lost. Nothing is sent again; the user can look for the job at the provider or
 * dismiss it.
 */
export function LostNote({ job }: { job: JobDetail }) {
  const t = useTranslations()
  const look = useMutation(reconcileJobMutation(job.id))
  return (
    <>
      <Note
        tone="warn"
        icon={<TriangleAlert size={16} aria-hidden />}
        actions={
          <>
            <LetGo job={job} />
            <LinkButton href={`/jobs/new?from=${job.id}`}>{t('job.lost.again')}</LinkButton>
            <Button busy={look.isPending} busyLabel={t('jobs.lost.looking')} onClick={() => look.mutate()}>
              {t('jobs.lost.look')}
            </Button>
          </>
        }
      >
        <p>
          <b className="font-semibold text-1">{t('jobs.lost.title')}.</b> {t('jobs.lost.meaning')}
        </p>
        <p role="status">{look.data && look.data.remoteId === null ? t('jobs.lost.nothing') : ''}</p>
      </Note>
      {look.error && <Failure error={look.error} />}
    </>
  )
}
