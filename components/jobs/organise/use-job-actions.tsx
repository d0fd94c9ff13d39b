'use client'
import Archive from 'lucide-react/icons/archive'
import ArchiveRestore from 'lucide-react/icons/archive-restore'
import Pencil from 'lucide-react/icons/pencil'
import Trash2 from 'lucide-react/icons/trash-2'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { lazily } from '#components/ui/lazily.tsx'
import type { MenuProps } from '#components/ui/menu.tsx'
import type { Job } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { useArchive } from './use-archive.ts'

const EditDialog = lazily(() => import('./edit-dialog.tsx').then((module) => module.EditDialog))

const DeleteDialog = lazily(() => import('./delete-dialog.tsx').then((module) => module.DeleteDialog))

type Asked = { what: 'edit' | 'delete'; job: Job }

interface JobActions {
  /** Entries of a job's menu. */
  itemsOf: (job: Job) => MenuProps['items']
  /** The dialog that an entry has opened. */
  dialog: ReactNode
}

/** What a person can do with one job in the list and on its page. */
export function useJobActions(onDeleted: (ids: readonly string[]) => void): JobActions {
  const t = useTranslations('jobList.organise')
  const archive = useArchive()
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const itemsOf = (job: Job): MenuProps['items'] => {
    const isArchived = job.archivedAt !== null
    const active = isActive(job.status)
    return [
      {
        label: t('edit'),
        icon: <Pencil size={14} aria-hidden />,
        onSelect: () => setAsked({ what: 'edit', job }),
      },
      {
        label: t(isArchived ? 'unarchive' : 'archive'),
        icon: isArchived ? <ArchiveRestore size={14} aria-hidden /> : <Archive size={14} aria-hidden />,
        onSelect: () => archive([job], !isArchived),
      },
      null,
      {
        label: t('delete.action'),
        icon: <Trash2 size={14} aria-hidden />,
        tone: 'danger',
        disabled: active,
        reason: t('delete.active'),
        onSelect: () => setAsked({ what: 'delete', job }),
      },
    ]
  }
  const dialog = asked && (
    <>
      {asked.what === 'edit' && <EditDialog job={asked.job} onClose={close} />}
      {asked.what === 'delete' && <DeleteDialog jobs={[asked.job]} onClose={close} onDeleted={onDeleted} />}
    </>
  )
  return { itemsOf, dialog }
}
