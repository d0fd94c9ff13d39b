'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Upload from 'lucide-react/icons/upload'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { changeDataset, exportAddress } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { DatasetState } from './dataset-state.tsx'
import { NameDialog } from './name-dialog.tsx'
import { SendDialog } from './send-dialog.tsx'
import { useDatasetActions } from './use-dataset-actions.ts'

export interface EditorHeaderProps {
  dataset: DatasetSummary
  errors: number
  onImport: (file: File) => void
}

function Train({ dataset: { id, state }, errors }: Omit<EditorHeaderProps, 'onImport'>) {
  const t = useTranslations('datasets')
  if (state !== 'empty' && errors === 0) {
    return (
      <LinkButton variant="primary" href={`/jobs/new?dataset=${id}`}>
        {t('train')}
      </LinkButton>
    )
  }
  return (
    <Button disabled reason={state === 'empty' ? t('trainEmpty') : t('trainBlocked', { count: errors })}>
      {t('train')}
    </Button>
  )
}

/** The dataset's name and state, and what can be done with all of it. */
export function EditorHeader({ dataset, errors, onImport }: EditorHeaderProps) {
  const t = useTranslations('datasets')
  const router = useRouter()
  const file = useRef<HTMLInputElement>(null)
  const { remove, refresh, fault } = useDatasetActions()
  const [open, setOpen] = useState<'name' | 'send' | null>(null)
  const { id, name, sample } = dataset
  const choose = () => file.current?.click()
  const items = [
    { label: t('import.rows'), onSelect: choose },
    { label: t('export.all'), href: exportAddress(id), download: true },
    { label: t('export.train'), href: exportAddress(id, 'train'), download: true },
    { label: t('export.heldout'), href: exportAddress(id, 'heldout'), download: true },
    null,
    { label: t('send.title'), onSelect: () => setOpen('send') },
    { label: t('rename'), onSelect: () => setOpen('name') },
    null,
    {
      label: t('deleteDataset'),
      tone: 'danger' as const,
      onSelect: () => remove(dataset).then((done) => done && router.push('/datasets')),
    },
  ]
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('title'), href: '/datasets' }, { label: name }]}
        meta={
          <>
            {sample && <Chip>{t('sample')}</Chip>}
            <span className="hidden sm:inline">
              <DatasetState state={dataset.state} errors={errors} quiet />
            </span>
          </>
        }
      >
        <input
          ref={file}
          type="file"
          hidden
          accept=".jsonl,.ndjson,.json,.txt,application/jsonl"
          aria-label={t('import.rows')}
          onChange={({ target }) => {
            const [chosen] = target.files ?? []
            if (chosen) onImport(chosen)
            target.value = ''
          }}
        />
        <span className="hidden sm:contents">
          <Button icon={<Upload size={16} aria-hidden />} onClick={choose}>
            {t('import.rows')}
          </Button>
        </span>
        <Menu
          label={t('more')}
          trigger={
            <IconButton label={t('more')} variant="default">
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={items}
        />
        <Train dataset={dataset} errors={errors} />
        <SendDialog
          dataset={dataset}
          open={open === 'send'}
          onOpenChange={(next) => setOpen(next ? 'send' : null)}
        />
        <NameDialog
          key={name}
          title={t('renameTitle')}
          action={t('save')}
          busyAction={t('saving')}
          initial={name}
          open={open === 'name'}
          onOpenChange={(next) => setOpen(next ? 'name' : null)}
          onName={async (next) => {
            await changeDataset(id, { name: next })
            await refresh()
          }}
        />
      </PageHeader>
      {fault !== null && (
        <div className="border-b px-6 py-3">
          <Failure title={t('changeFailed')} error={fault} />
        </div>
      )}
    </>
  )
}
