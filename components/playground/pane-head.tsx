'use client'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'use-intl'
import { refKey, refOf, shortName } from '#components/models/model-options.ts'
import { useModelOptions } from '#components/models/use-model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Chip } from '#components/ui/chip.tsx'
import { cn } from '#components/ui/cn.ts'
import { Combobox } from '#components/ui/combobox.tsx'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'
import type { ListedModel, ModelRef } from '#lib/models/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'
import type { Sampling } from '#lib/playground/schema.ts'
import type { PaneActions } from './pane.tsx'
import { PaneSettings } from './pane-settings.tsx'
import type { Place } from './use-panes.ts'

const looks: Record<Column['state'], { kind: DotKind; tone: Tone; pulse?: boolean }> = {
  empty: { kind: 'ring', tone: 'mute' },
  waiting: { kind: 'ring', tone: 'busy', pulse: true },
  streaming: { kind: 'half', tone: 'busy', pulse: true },
  finished: { kind: 'full', tone: 'ok' },
  interrupted: { kind: 'full', tone: 'warn' },
  stopped: { kind: 'ring', tone: 'mute' },
  failed: { kind: 'full', tone: 'bad' },
}

/** The selectable models; includes the selected model even if no provider lists it any more. */
function useOptions(models: readonly ListedModel[], chosen: ModelRef | null) {
  const nameOf = useProviderName()
  const options = useModelOptions()(models)
  if (!chosen || options.some(({ value }) => value === refKey(chosen))) return options
  return [...options, { value: refKey(chosen), label: chosen.model, group: nameOf(chosen.providerId) }]
}

const Progress = ({ column }: { column: Column }) => {
  const t = useTranslations('playground')
  if (column.state === 'empty') return null
  return (
    <State quiet {...looks[column.state]}>
      {t(`state.${column.state}`)}
    </State>
  )
}

/** The letter of an answer whose model is hidden. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index)

/** A blind answer: a letter, until the user votes. */
export function HiddenHead({ index, column }: { index: number; column: Column }) {
  const t = useTranslations('playground')
  return (
    <header className="flex min-h-11 items-center gap-2 border-b ps-4 pe-3 sm:ps-5">
      <h2 className="font-semibold">{t('answerLetter', { letter: letterOf(index) })}</h2>
      <span className="min-w-0 flex-1 truncate text-3 text-meta">{t('nameHidden')}</span>
      <Progress column={column} />
    </header>
  )
}

interface PaneHeadProps {
  place: Place
  /** Whether it is the only pane. */
  alone: boolean
  shared: Sampling
  models: readonly ListedModel[]
  kind: ListedModel['kind']
  column: Column
  hasData: boolean
  actions: PaneActions
}

/** The model of the pane and the progress of its answer. */
export function PaneHead(props: PaneHeadProps) {
  const { place, alone, shared, models, kind, column, hasData, actions } = props
  const t = useTranslations('playground')
  const words = useTranslations('models.title')
  const { model, fewShot, sampling } = place
  const open = isOpen(column)
  return (
    <header className="flex min-h-11 items-center gap-2 border-b ps-4 pe-2 sm:ps-5">
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
            if (next) actions.change(place.id, { model: next })
            actions.clear()
          }}
        />
      </div>
      {fewShot > 0 && <Chip tone="mute">{t('shots', { count: fewShot })}</Chip>}
      {sampling && <Chip tone="mute">{t('own')}</Chip>}
      <Progress column={column} />
      <PaneSettings
        place={place}
        shared={shared}
        onChange={actions.change}
        hasData={hasData}
        disabled={open}
      />
      {!alone && (
        <IconButton
          size="sm"
          label={t('removePane')}
          onClick={() => {
            actions.remove(place.id)
            actions.clear()
          }}
          // The button keeps its space while an answer streams, so that nothing moves.
          className={cn(open && 'invisible')}
        >
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </header>
  )
}
