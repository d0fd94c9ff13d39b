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
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { studioModelsQuery } from '#lib/models/queries.ts'
import type { StudioModel, StudioModels } from '#lib/models/schema.ts'
import type { ModelActions } from './alias-panel.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { ModelCards } from './model-cards.tsx'
import { refIn } from './model-options.ts'
import { ModelTable } from './models-table.tsx'
import { found, type ModelOrder, turned } from './order.ts'

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

interface ModelsPanelProps extends ModelActions {
  now: number
}

/** All available models, searchable by every name. */
export function ModelsPanel({ now, ...actions }: ModelsPanelProps) {
  const t = useTranslations('models.table')
  const { data, error, refetch, isFetching } = useQuery(studioModelsQuery())
  const [wanted, setWanted] = useState('')
  const [order, setOrder] = useState<ModelOrder>({ sort: 'created', order: 'descending' })
  const [removing, setRemoving] = useState<StudioModel | null>(null)
  const [exported, setExported] = useState<StudioModel | null>(null)
  const all = data?.models
  const shown = all && found(all, wanted, order)
  const rows = { models: shown, now, onDelete: setRemoving, onExport: setExported, ...actions }
  return (
    <>
      {data && <Missing failures={data.failures} />}
      {data && <Unusable unusable={data.unusable} />}
      <Panel aria-labelledby="models">
        <PanelHead id="models" title={t('title')} meta={t('meta')}>
          {all && shown && (
            <span role="status" className="text-3 text-meta tabular-nums">
              {t('count', { shown: shown.length, all: all.length })}
            </span>
          )}
          <Input
            type="search"
            size="sm"
            value={wanted}
            onValueChange={setWanted}
            aria-label={t('search')}
            placeholder={t('search')}
            leading={<Search size={14} aria-hidden />}
            className="w-60"
          />
        </PanelHead>
        {error && !data && (
          <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
        )}
        {shown?.length === 0 ? (
          <EmptyState actions={wanted && <Button onClick={() => setWanted('')}>{t('clear')}</Button>}>
            {t(wanted ? 'noMatch' : 'empty')}
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
      {exported && <ExportDialog model={refIn(exported)} onClose={() => setExported(null)} />}
      {removing && <DeleteDialog model={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}
