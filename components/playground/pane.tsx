'use client'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { modelOptions, refKey, refOf, shortName } from '#components/models/model-options.tsx'
import { cn } from '#components/ui/cn.ts'
import { Combobox } from '#components/ui/combobox.tsx'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'
import { verseOf } from '#lib/playground/verse.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'
import { AnswerText } from './answer-text.tsx'
import { PaneEnding } from './pane-ending.tsx'
import { Provenance } from './provenance.tsx'
import { Stats } from './stats.tsx'
import { Verdict, type View } from './verdict.tsx'

const looks: Record<Column['state'], { kind: DotKind; tone: Tone; pulse?: boolean }> = {
  empty: { kind: 'ring', tone: 'mute' },
  waiting: { kind: 'ring', tone: 'busy', pulse: true },
  streaming: { kind: 'half', tone: 'busy', pulse: true },
  finished: { kind: 'full', tone: 'ok' },
  interrupted: { kind: 'full', tone: 'warn' },
  stopped: { kind: 'ring', tone: 'mute' },
  failed: { kind: 'full', tone: 'bad' },
}

interface PaneProps {
  model: ModelRef | null
  models: readonly CatalogModel[]
  kind: CatalogModel['kind']
  column: Column
  maxTokens: number
  onModel: (model: ModelRef) => void
  onRerun: () => void
  /** Absent where it is the last pane. */
  onRemove?: () => void
}

/** One model's answer: its name, the text, what it took and who really gave it. */
export function Pane({ model, models, kind, column, maxTokens, onModel, onRerun, onRemove }: PaneProps) {
  const t = useTranslations('playground')
  const words = useTranslations('models')
  const [view, setView] = useState<View>('verse')
  const open = isOpen(column)
  const verse = verseOf(column.text, !open)
  const title = model
    ? t('paneTitle', { kind: words(`title.${kind}`), model: shortName(model.model) })
    : t('chooseModel')
  const options = modelOptions(models, {
    kind: (name) => words(`kind.${name}`),
    provider: (id) => words(`provider.${id}`),
  })
  return (
    <article
      aria-label={title}
      className={cn(
        'flex min-w-0 flex-col rounded-lg border bg-surface',
        model && kind !== 'base' && 'border-accent-line',
      )}
    >
      <header className="flex min-h-11 items-center gap-2 border-b ps-4 pe-3 sm:ps-5">
        {model && <Dot kind="square" tone={kind === 'base' ? 'base' : 'accent'} />}
        {model && <h2 className="shrink-0 font-semibold">{words(`title.${kind}`)}</h2>}
        <div className="min-w-0 flex-1">
          <Combobox
            look="plain"
            label={t('model')}
            placeholder={t('chooseModel')}
            value={model && refKey(model)}
            options={options}
            disabled={open}
            mono
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
          <IconButton size="sm" label={t('removePane')} onClick={onRemove} disabled={open}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </header>
      <AnswerText
        column={column}
        verse={view === 'verse' ? verse : null}
        label={title}
        placeholder={t(model ? 'runToSee' : 'chooseToSee')}
        ending={<PaneEnding column={column} onRerun={onRerun} />}
      />
      <Verdict column={column} verse={verse} view={view} onView={setView} maxTokens={maxTokens} />
      <Stats column={column} providerId={model?.providerId ?? null} />
      <Provenance column={column} />
    </article>
  )
}
