'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Code from 'lucide-react/icons/code'
import Ellipsis from 'lucide-react/icons/ellipsis'
import History from 'lucide-react/icons/history'
import Shuffle from 'lucide-react/icons/shuffle'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Time } from '#components/ui/time.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { aliasesQuery, removeAliasMutation, rollBackMutation } from '#lib/models/queries.ts'
import type { Alias, ModelRef, StudioModel } from '#lib/models/schema.ts'
import { AliasHistory } from './alias-history.tsx'
import { ModelName } from './model-name.tsx'
import { shortName } from './model-options.ts'
import type { PointStart } from './point-dialog.tsx'

export interface ModelActions {
  onPoint: (start: PointStart) => void
  /** @param name the name of the alias in `/v1` */
  onCode: (name: string, ref: ModelRef) => void
}

interface EntryProps extends ModelActions {
  alias: Alias
  models: readonly StudioModel[]
  onHistory: () => void
  onRemove: () => void
}

function RollBack({ alias: { name, previous } }: Pick<EntryProps, 'alias'>) {
  const t = useTranslations('aliases')
  const toast = useToast()
  const turn = useMutation({
    ...rollBackMutation(),
    onSuccess: () => {
      const words = { name, model: previous ? shortName(previous.model) : '' }
      toast({ text: t('rolledBack', words), undo: () => turn.mutate(name) })
    },
  })
  return (
    <>
      <Button
        size="sm"
        disabled={previous === null}
        reason={previous ? undefined : t('nowhere')}
        busy={turn.isPending}
        title={previous ? t('rollBackTo', { name, model: previous.model }) : undefined}
        onClick={() => turn.mutate(name)}
      >
        {t('rollBack')}
      </Button>
      {turn.error && <Failure error={turn.error} />}
    </>
  )
}

function Actions({ alias, onPoint, onCode, onHistory, onRemove }: EntryProps) {
  const t = useTranslations('aliases')
  const { name, providerId, model } = alias
  return (
    <div className="flex items-center justify-end gap-1">
      <RollBack alias={alias} />
      <Menu
        label={t('more', { name })}
        trigger={
          <IconButton size="sm" label={t('more', { name })}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[
          {
            label: t('elsewhere'),
            icon: <Shuffle size={14} aria-hidden />,
            onSelect: () => onPoint({ name, ref: { providerId, model } }),
          },
          { label: t('history'), icon: <History size={14} aria-hidden />, onSelect: onHistory },
          {
            label: t('code'),
            icon: <Code size={14} aria-hidden />,
            onSelect: () => onCode(name, { providerId, model }),
          },
          null,
          {
            label: t('remove'),
            icon: <Trash2 size={14} aria-hidden />,
            tone: 'danger',
            onSelect: onRemove,
          },
        ]}
      />
    </div>
  )
}

/** The latest change: author, time and reason. */
function LastChange({ alias: { history } }: Pick<EntryProps, 'alias'>) {
  const t = useTranslations('aliases')
  const [last] = history
  if (!last) return null
  return (
    <span className="text-2 text-meta">
      {t.rich('changedBy', {
        who: last.who === 'you' ? t('you') : last.who,
        time: () => <Time at={last.at} />,
      })}
      {last.why && (
        <>
          {': '}
          <bdi className="wrap-anywhere text-1">{last.why}</bdi>
        </>
      )}
    </span>
  )
}

function Entry(props: EntryProps) {
  const t = useTranslations('aliases')
  const { alias, models } = props
  const target = models.find(({ providerId, id }) => providerId === alias.providerId && id === alias.model)
  return (
    <li className="grid min-h-11 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-1.5 not-first:border-t hover:bg-hover wide:grid-cols-[10rem_minmax(0,4fr)_minmax(0,5fr)_6rem_8rem] wide:*:row-start-1!">
      <bdi dir="ltr" className="truncate font-medium font-mono">
        {alias.name}
      </bdi>
      <span className="col-span-2 row-start-2 min-w-0 wide:col-span-1">
        <ModelName
          id={alias.model}
          kind={target?.kind}
          lineage={target?.lineage ?? null}
          provider={alias.providerId}
        />
      </span>
      <span className="col-span-2 min-w-0 wide:col-span-1">
        <LastChange alias={alias} />
      </span>
      <span className="col-span-2 text-3 text-meta tabular-nums wide:col-span-1 wide:text-end">
        {t('calls', { count: alias.calls })}
      </span>
      <div className="col-start-2 row-start-1 wide:col-start-5">
        <Actions {...props} />
      </div>
    </li>
  )
}

function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations('aliases')
  const remove = useMutation({ ...removeAliasMutation(), onSuccess: onClose })
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('removeTitle', { name })}
      description={t('removeMeaning', { name })}
      confirmLabel={t('removeConfirm')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(name)}
    >
      {remove.error && <Failure error={remove.error} />}
    </AlertDialog>
  )
}

interface AliasPanelProps extends ModelActions {
  models: readonly StudioModel[]
}

/** The aliases, each with its target and its latest change. */
export function AliasPanel(props: AliasPanelProps) {
  const t = useTranslations('aliases')
  const { data: aliases, error, refetch } = useQuery(aliasesQuery())
  const [history, setHistory] = useState<string | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const shown = aliases?.find(({ name }) => name === history)
  return (
    <Panel aria-labelledby="aliases">
      <PanelHead id="aliases" title={t('title')} terms={['alias']} meta={t('meta')} />
      {error && <Failure error={error} onRetry={() => refetch()} />}
      {aliases?.length === 0 && <p className="max-w-[70ch] px-4 py-4 text-2">{t('empty')}</p>}
      <ul aria-label={t('title')}>
        {aliases?.map((alias) => (
          <Entry
            key={alias.name}
            {...props}
            alias={alias}
            onHistory={() => setHistory(alias.name)}
            onRemove={() => setRemoving(alias.name)}
          />
        ))}
      </ul>
      {shown && <AliasHistory alias={shown} onClose={() => setHistory(null)} />}
      {removing !== null && <RemoveDialog name={removing} onClose={() => setRemoving(null)} />}
    </Panel>
  )
}
