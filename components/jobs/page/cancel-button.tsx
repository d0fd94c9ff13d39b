'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { cancelJobMutation } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'

type Ending = 'cancel' | 'keep'

function useWords(ending: Ending) {
  const t = useTranslations()
  if (ending === 'keep')
    return {
      title: t('job.stop.keepTitle'),
      description: t('job.stop.keepSentence'),
      confirmLabel: t('job.stop.keepConfirm'),
      // What was learnt stays: nothing to warn of.
      tone: 'primary' as const,
    }
  return {
    title: t('jobs.cancel.title'),
    description: t('jobs.cancel.sentence'),
    confirmLabel: t('jobs.cancel.confirm'),
  }
}

interface AskProps {
  job: JobDetail
  ending: Ending | null
  onClose: () => void
}

function Ask({ job, ending, onClose }: AskProps) {
  const t = useTranslations()
  const end = useMutation({ ...cancelJobMutation(job.id), onSuccess: onClose })
  return (
    <AlertDialog
      {...useWords(ending ?? 'cancel')}
      closeLabel={t('jobs.cancel.keep')}
      open={ending !== null}
      onOpenChange={(open) => !open && onClose()}
      busy={end.isPending}
      onConfirm={() => end.mutate({ keep: ending === 'keep' })}
    >
      {end.error && <Failure error={end.error} />}
    </AlertDialog>
  )
}

/** Cancels the job, or stops it and keeps the current weights if the provider supports that. */
export function CancelButton({ job }: { job: JobDetail }) {
  const t = useTranslations()
  const [ending, setEnding] = useState<Ending | null>(null)
  if (job.remoteId === null) {
    return (
      <Button disabled reason={t('jobs.cancel.notYet')}>
        {t('jobs.cancel.action')}
      </Button>
    )
  }
  const canKeep = capabilitiesOf(job.providerId).stopKeeping && job.status === 'running'
  return (
    <>
      {canKeep ? (
        <Menu
          label={t('job.stop.menu')}
          trigger={<Button variant="danger">{t('job.stop.action')}</Button>}
          items={[
            { label: t('job.stop.keep'), onSelect: () => setEnding('keep') },
            { label: t('job.stop.cancel'), tone: 'danger', onSelect: () => setEnding('cancel') },
          ]}
        />
      ) : (
        <Button variant="danger" onClick={() => setEnding('cancel')}>
          {t('jobs.cancel.action')}
        </Button>
      )}
      <Ask job={job} ending={ending} onClose={() => setEnding(null)} />
    </>
  )
}
