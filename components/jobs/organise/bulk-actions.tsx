'use client'
import { useMutation } from '@tanstack/react-query'
import Archive from 'lucide-react/icons/archive'
import ArchiveRestore from 'lucide-react/icons/archive-restore'
import CircleStop from 'lucide-react/icons/circle-stop'
import TagIcon from 'lucide-react/icons/tag'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { cancelJobsMutation } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { useArchive } from './use-archive.ts'

const TagsDialog = lazily(() => import('./tags-dialog.tsx').then((module) => module.TagsDialog))

const DeleteDialog = lazily(() => import('./delete-dialog.tsx').then((module) => module.DeleteDialog))

interface CancelDialogProps {
  jobs: readonly Job[]
  onClose: () => void
}

/** Cancels the jobs that have not ended; those that cannot be cancelled are named. */
function CancelDialog({ jobs, onClose }: CancelDialogProps) {
  const t = useTranslations('jobList.organise.cancel')
  const say = useErrorWords()
  const cancel = useMutation({
    ...cancelJobsMutation(),
    onSuccess: ({ failures }) => {
      if (failures.length === 0) onClose()
    },
  })
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { count: jobs.length })}
      description={t('meaning')}
      confirmLabel={t('confirm', { count: jobs.length })}
      closeLabel={t('keep')}
      disabled={cancel.data !== undefined}
      busy={cancel.isPending}
      onConfirm={() => cancel.mutate(jobs.map(({ id }) => id))}
    >
      {cancel.data && (
        <ul role="alert" className="grid gap-1 text-bad">
          {cancel.data.failures.map(({ id, ...words }) => (
            <li key={id}>{say(words)}</li>
          ))}
        </ul>
      )}
      {cancel.error && <Failure error={cancel.error} />}
    </AlertDialog>
  )
}

interface BulkActionsProps {
  jobs: readonly Job[]
  /** Called with the ids of the jobs that are gone. */
  onDeleted: (ids: readonly string[]) => void
  /** Called when the jobs leave the list that is shown. */
  onMoved: () => void
}

/** What can be done with all selected jobs at once. */
export function BulkActions({ jobs, onDeleted, onMoved }: BulkActionsProps) {
  const t = useTranslations('jobList.organise')
  const archive = useArchive()
  const [asked, setAsked] = useState<'tags' | 'cancel' | 'delete' | null>(null)
  const close = () => setAsked(null)
  const active = jobs.filter(({ status }) => isActive(status))
  const allArchived = jobs.every(({ archivedAt }) => archivedAt !== null)
  return (
    <>
      <span className="flex">
        <IconButton label={t('tag')} onClick={() => setAsked('tags')}>
          <TagIcon size={16} aria-hidden />
        </IconButton>
        <IconButton
          label={t(allArchived ? 'unarchive' : 'archive')}
          onClick={() => {
            archive(jobs, !allArchived)
            onMoved()
          }}
        >
          {allArchived ? <ArchiveRestore size={16} aria-hidden /> : <Archive size={16} aria-hidden />}
        </IconButton>
        {active.length > 0 && (
          <IconButton label={t('cancel.action')} onClick={() => setAsked('cancel')}>
            <CircleStop size={16} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t('delete.action')} onClick={() => setAsked('delete')}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      </span>
      {asked === 'tags' && <TagsDialog jobs={jobs} onClose={close} />}
      {asked === 'cancel' && <CancelDialog jobs={active} onClose={close} />}
      {asked === 'delete' && <DeleteDialog jobs={jobs} onClose={close} onDeleted={onDeleted} />}
    </>
  )
}
