'use client'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import { reconcileJob } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useJobAction } from './use-job-action.ts'

/** The answer to the creation never came: nothing is sent again, but one may look. */
export function LostNote({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs.lost')
  const look = useJobAction(reconcileJob)
  return (
    <>
      <Note
        tone="warn"
        icon={<TriangleAlert size={16} aria-hidden />}
        actions={
          <Button busy={look.isPending} busyLabel={t('looking')} onClick={() => look.mutate(job.id)}>
            {t('look')}
          </Button>
        }
      >
        <p>
          <b className="font-semibold text-1">{t('title')}.</b> {t('meaning')}
        </p>
        <p role="status">{look.data && look.data.remoteId === null ? t('nothing') : ''}</p>
      </Note>
      {look.error && <Failure error={look.error} />}
    </>
  )
}
