'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Redo2 from 'lucide-react/icons/redo-2'
import Undo2 from 'lucide-react/icons/undo-2'
import Upload from 'lucide-react/icons/upload'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { renameDatasetMutation } from '#lib/datasets/mutations.ts'
import { exportAddress } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { DatasetState } from '../dataset-state.tsx'
import { ExportDialog } from '../export-dialog.tsx'
import { NameDialog } from '../name-dialog.tsx'
import { SendDialog } from '../send-dialog.tsx'
import { useCopy } from '../use-copy.ts'
import { useDatasetActions } from '../use-dataset-actions.ts'
import { useUnfit } from '../verdict/use-unfit.ts'
import { TrainButton } from './train-button.tsx'
import { VersionChip } from './version-chip.tsx'
import { VersionDialog } from './version-dialog.tsx'

/** The open dialog, which the editor renders. */
export type EditorDialog = 'system' | 'split' | 'estimate' | 'replace'

export interface EditorHeaderProps {
  dataset: DatasetSummary
  errors: number
  onImport: () => void
  onUndo: () => void
  onRedo: () => void
  onAsk: (what: EditorDialog) => void
  /** Number of rows with unsaved edits. */
  unsaved: number
  onSaveAll: () => Promise<boolean>
}

/** The open dialog, which the header renders. */
type HeaderDialog = 'name' | 'send' | 'export' | 'version' | null

function useMenu({ dataset, onImport, onAsk }: EditorHeaderProps, show: (open: HeaderDialog) => void) {
  const t = useTranslations('datasets')
  const router = useRouter()
  const { remove, error } = useDatasetActions()
  const copy = useCopy(dataset)
  const { id } = dataset
  const items = [
    { label: t('import.rows'), onSelect: onImport },
    { label: t('version.name'), onSelect: () => show('version') },
    { label: t('version.all'), href: `/datasets/${id}/versions` },
    null,
    { label: t('menu.replace'), onSelect: () => onAsk('replace') },
    { label: t('menu.system'), onSelect: () => onAsk('system') },
    { label: t('menu.split'), onSelect: () => onAsk('split') },
    { label: t('menu.estimate'), onSelect: () => onAsk('estimate') },
    null,
    { label: t('export.all'), href: exportAddress(id), download: true },
    { label: t('export.train'), href: exportAddress(id, { split: 'train' }), download: true },
    { label: t('export.heldout'), href: exportAddress(id, { split: 'heldout' }), download: true },
    { label: t('export.as'), onSelect: () => show('export') },
    { label: t('send.title'), onSelect: () => show('send') },
    null,
    { label: t('rename'), onSelect: () => show('name') },
    { label: t('copyToNew'), onSelect: () => copy.mutate() },
    {
      label: t('deleteDataset'),
      tone: 'danger' as const,
      onSelect: () => remove(dataset).then((done) => done && router.push('/datasets')),
    },
  ]
  return { items, error: error ?? copy.error }
}

function Undo({ dataset: { undo }, onUndo }: Pick<EditorHeaderProps, 'dataset' | 'onUndo'>) {
  const t = useTranslations('datasets.undo')
  return (
    <IconButton
      label={undo ? t(undo) : t('nothing')}
      data-hotkey="u"
      disabled={undo === null}
      reason={undo === null ? t('nothing') : undefined}
      onClick={onUndo}
    >
      <Undo2 size={16} className="flip-rtl" aria-hidden />
    </IconButton>
  )
}

function Redo({ dataset: { redo }, onRedo }: Pick<EditorHeaderProps, 'dataset' | 'onRedo'>) {
  const t = useTranslations('datasets.redo')
  const step = redo === 'undo' || redo === 'redo' ? null : redo
  return (
    <IconButton
      label={step ? t('label', { step: t(`steps.${step}`) }) : t('nothing')}
      disabled={step === null}
      reason={step === null ? t('nothing') : undefined}
      onClick={onRedo}
    >
      <Redo2 size={16} className="flip-rtl" aria-hidden />
    </IconButton>
  )
}

/** The dataset's name, version and state, and the actions on the whole dataset. */
export function EditorHeader(props: EditorHeaderProps) {
  const { dataset, errors, onImport, onUndo, onRedo, unsaved, onSaveAll } = props
  const t = useTranslations('datasets')
  const [open, setOpen] = useState<HeaderDialog>(null)
  const { items, error } = useMenu(props, setOpen)
  const unfitFor = useUnfit(dataset.id)
  const { name, sample, train, heldout } = dataset
  const control = (which: HeaderDialog) => ({
    open: open === which,
    onOpenChange: (next: boolean) => setOpen(next ? which : null),
  })
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('title'), href: '/datasets' }, { label: name }]}
        meta={
          <>
            {sample && <Chip>{t('sample')}</Chip>}
            <VersionChip dataset={dataset} />
            <span className="hidden lg:inline">
              <DatasetState
                state={dataset.state}
                errors={errors}
                warnings={train.warnings + heldout.warnings}
                busy={dataset.busy}
                unfitFor={unfitFor}
                quiet
              />
            </span>
          </>
        }
      >
        <Undo dataset={dataset} onUndo={onUndo} />
        <Redo dataset={dataset} onRedo={onRedo} />
        <span className="hidden lg:contents">
          <Button icon={<Upload size={16} aria-hidden />} onClick={onImport}>
            {t('import.rows')}
          </Button>
          <Button onClick={() => setOpen('version')}>{t('version.name')}</Button>
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
        <TrainButton dataset={dataset} errors={errors} unsaved={unsaved} onSaveAll={onSaveAll} />
        <ExportDialog dataset={dataset} {...control('export')} />
        <SendDialog dataset={dataset} {...control('send')} />
        <VersionDialog dataset={dataset} {...control('version')} />
        <NameDialog
          key={name}
          title={t('renameTitle')}
          action={t('save')}
          busyAction={t('saving')}
          initial={name}
          naming={renameDatasetMutation(dataset.id)}
          {...control('name')}
        />
      </PageHeader>
      {error !== null && (
        <div className="border-b px-6 py-3">
          <Failure title={t('changeFailed')} error={error} />
        </div>
      )}
    </>
  )
}
