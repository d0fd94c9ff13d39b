'use client'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'use-intl'
import { modelOptions, refKey, refOf, shortName } from '#components/models/model-options.ts'
import { cn } from '#components/ui/cn.ts'
import { Combobox } from '#components/ui/combobox.tsx'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

const looks: Record<Column['state'], { kind: DotKind; tone: Tone; pulse?: boolean }> = {
  empty: { kind: 'ring', tone: 'mute' },
  waiting: { kind: 'ring', tone: 'busy', pulse: true },
  streaming: { kind: 'half', tone: 'busy', pulse: true },
  finished: { kind: 'full', tone: 'ok' },
  interrupted: { kind: 'full', tone: 'warn' },
  stopped: { kind: 'ring', tone: 'mute' },
  failed: { kind: 'full', tone: 'bad' },
}

/** The models to choose from, with the chosen one among them also where no provider lists it any more. */
function useOptions(models: readonly CatalogModel[], chosen: ModelRef | null) {
  const t = useTranslations('models')
  const options = modelOptions(models, {
    kind: (name) => t(`kind.${name}`),
    provider: (id) => t(`provider.${id}`),
  })
  if (!chosen || options.some(({ value }) => value === refKey(chosen))) return options
  return [
    ...options,
    { value: refKey(chosen), label: chosen.model, group: t(`provider.${chosen.providerId}`) },
  ]
}

export interface PaneHeadProps {
  model: ModelRef | null
  models: readonly CatalogModel[]
  kind: CatalogModel['kind']
  column: Column
  onModel: (model: ModelRef) => void
  /** Absent where it is the last pane. */
  onRemove?: () => void
}

/** Which model answers here, and how far it is. */
export function PaneHead({ model, models, kind, column, onModel, onRemove }: PaneHeadProps) {
  const t = useTranslations('playground')
  const words = useTranslations('models.title')
  const open = isOpen(column)
  return (
    <header className="flex min-h-11 items-center gap-2 border-b ps-4 pe-3 sm:ps-5">
      {model && <Dot kind="square" tone={kind === 'base' ? 'base' : 'accent'} />}
      {model && <h2 className="shrink-0 font-semibold">{words(kind)}</h2>}
      <div className="min-w-0 flex-1">
        <Combobox
          look="plain"
          mono
          label={t('model')}
          placeholder={t('chooseModel')}
          value={model && refKey(model)}
          options={useOptions(models, model)}
          disabled={open}
          renderValue={({ label }) => <bdi dir="ltr">{shortName(label)}</bdi>}
          onValueChange={(key) => {
            const next = refOf(key)
            if (next) onModel(next)
          }}
        />
      </div>
      {column.state !== 'empty' && (
        <State quiet {...looks[column.state]}>
          {t(`state.${column.state}`)}
        </State>
      )}
      {onRemove && (
        <IconButton
          size="sm"
          label={t('removePane')}
          onClick={onRemove}
          // Its place is kept while an answer streams: nothing may move.
          className={cn(open && 'invisible')}
        >
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </header>
  )
}
