'use client'
import { useQuery } from '@tanstack/react-query'
import Search from 'lucide-react/icons/search'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Input } from '#components/ui/input.tsx'
import { Note } from '#components/ui/note.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Select } from '#components/ui/select.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { studioModelsQuery } from '#lib/models/queries.ts'
import type { StudioModel, StudioModels } from '#lib/models/schema.ts'
import type { ModelActions } from './alias-panel.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { DeploymentDialog } from './deployment-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { ModelCards } from './model-cards.tsx'
import { refIn, refKey } from './model-options.ts'
import type { ModelChoice } from './model-row-actions.tsx'
import { ModelTable } from './models-table.tsx'
import {
  ANY_MODEL,
  found,
  groupsOf,
  type ModelGroup,
  type ModelOrder,
  type ModelWish,
  turned,
} from './order.ts'

function Missing({ failures }: Pick<StudioModels, 'failures'>) {
  const t = useTranslations('models')
  const say = useErrorWords()
  return failures.map((failure) => (
    <Note key={failure.providerId} tone="warn" live>
      {t('missingFrom', { name: failure.name, message: say(failure) })}
    </Note>
  ))
}

/** Folders in the model directory that contain no usable model, each with the reason. */
function Unusable({ unusable }: Pick<StudioModels, 'unusable'>) {
  const t = useTranslations('models')
  return unusable.map(({ name, reason }) => (
    <Note key={name} tone="warn">
      {t.rich('unusableFolder', {
        name: () => (
          <span dir="auto" className="font-mono">
            {name}
          </span>
        ),
        reason,
      })}
    </Note>
  ))
}

/** Models selected to be deleted together; what is no longer there is no longer selected. */
function useModelChoice(models: readonly StudioModel[] | undefined): ModelChoice {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  const keyOf = (model: StudioModel) => refKey(refIn(model))
  return {
    chosen: models?.filter((model) => keys.has(keyOf(model))) ?? [],
    isChosen: (model) => keys.has(keyOf(model)),
    toggle: (model) =>
      setKeys((before) => {
        const after = new Set(before)
        if (!after.delete(keyOf(model))) after.add(keyOf(model))
        return after
      }),
  }
}

const KINDS = ['base', 'fine-tuned', 'checkpoint'] as const
/** Value of the option that shows every kind. */
const ANY = 'any'

interface WishFieldsProps {
  wish: ModelWish
  onWish: (wish: ModelWish) => void
}

function WishFields({ wish, onWish }: WishFieldsProps) {
  const t = useTranslations('models')
  return (
    <>
      <span className="w-32 shrink-0">
        <Select
          size="sm"
          aria-label={t('table.kind')}
          value={wish.kind ?? ANY}
          onValueChange={(kind) => onWish({ ...wish, kind: kind === ANY ? null : kind })}
          options={[
            { value: ANY, label: t('table.anyKind') },
            ...KINDS.map((value) => ({ value, label: t(`title.${value}`) })),
          ]}
        />
      </span>
      <Input
        type="search"
        size="sm"
        value={wish.words}
        onValueChange={(words) => onWish({ ...wish, words })}
        aria-label={t('table.search')}
        placeholder={t('table.search')}
        leading={<Search size={14} aria-hidden />}
        className="w-44 sm:w-60"
      />
    </>
  )
}

interface ModelsPanelProps extends ModelActions {
  now: number
}

/** All available models, searchable by every name. */
export function ModelsPanel({ now, ...actions }: ModelsPanelProps) {
  const t = useTranslations('models.table')
  const { data, error, refetch, isFetching } = useQuery(studioModelsQuery())
  const [wish, setWish] = useState(ANY_MODEL)
  const [order, setOrder] = useState<ModelOrder>({ sort: 'created', order: 'desc' })
  const [removing, setRemoving] = useState<readonly StudioModel[]>([])
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [exported, setExported] = useState<StudioModel | null>(null)
  const [deploying, setDeploying] = useState<StudioModel | null>(null)
  const all = data?.models
  const shown = all && found(all, wish, order)
  const choice = useModelChoice(all)
  const keyOf = ({ lead }: ModelGroup) => refKey(refIn(lead))
  const isNarrowed = wish.words !== '' || wish.kind !== null
  // Checkpoints that are sought are shown.
  const isOpen = (group: ModelGroup) => isNarrowed || folded.has(keyOf(group))
  const onFold = (group: ModelGroup) =>
    setFolded((before) => {
      const after = new Set(before)
      if (!after.delete(keyOf(group))) after.add(keyOf(group))
      return after
    })
  const rows = {
    ...{ groups: shown && groupsOf(shown), isOpen, onFold, choice, now, onExport: setExported },
    onDelete: (model: StudioModel) => setRemoving([model]),
    onDeploy: setDeploying,
    ...actions,
  }
  return (
    <>
      {data && <Missing failures={data.failures} />}
      {data && <Unusable unusable={data.unusable} />}
      <Panel aria-labelledby="models">
        <PanelHead
          id="models"
          title={t('title')}
          terms={['baseModel', 'fineTuned', 'checkpoint', 'lora']}
          meta={t('meta')}
        >
          {choice.chosen.length > 0 && (
            <Button size="sm" variant="danger" onClick={() => setRemoving(choice.chosen)}>
              {t('deleteChosen', { count: choice.chosen.length })}
            </Button>
          )}
          {all && shown && (
            <span role="status" className="text-3 text-meta tabular-nums">
              {t('count', { shown: shown.length, all: all.length })}
            </span>
          )}
          <WishFields wish={wish} onWish={setWish} />
        </PanelHead>
        {error && !data && (
          <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
        )}
        {shown?.length === 0 ? (
          <EmptyState
            actions={isNarrowed && <Button onClick={() => setWish(ANY_MODEL)}>{t('clear')}</Button>}
          >
            {t(isNarrowed ? 'noMatch' : 'empty')}
          </EmptyState>
        ) : (
          <>
            <div className="hidden rounded-[inherit] sm:block">
              <ModelTable {...rows} order={order} onSort={(sort) => setOrder(turned(order, sort))} />
            </div>
            <div className="sm:hidden">
              <ModelCards {...rows} />
            </div>
          </>
        )}
        {all?.some(({ bits }) => bits === 8) && (
          <p className="border-t px-4 py-2.5 text-3 text-meta">{t('eightBits')}</p>
        )}
      </Panel>
      {deploying && <DeploymentDialog model={deploying} onClose={() => setDeploying(null)} />}
      {exported && <ExportDialog model={refIn(exported)} onClose={() => setExported(null)} />}
      {removing.length > 0 && <DeleteDialog models={removing} onClose={() => setRemoving([])} />}
    </>
  )
}
