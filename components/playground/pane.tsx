'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { cn } from '#components/ui/cn.ts'
import { isOpen } from '#lib/playground/columns.ts'
import { verseOf } from '#lib/playground/verse.ts'
import { AnswerText } from './answer-text.tsx'
import { PaneEnding } from './pane-ending.tsx'
import { PaneHead, type PaneHeadProps } from './pane-head.tsx'
import { Provenance } from './provenance.tsx'
import { Stats } from './stats.tsx'
import { Verdict, type View } from './verdict.tsx'

interface PaneProps extends PaneHeadProps {
  maxTokens: number
  onRerun: () => void
}

/** One model's answer: its name, the text, what it took and who really gave it. */
export function Pane({ maxTokens, onRerun, ...head }: PaneProps) {
  const t = useTranslations('playground')
  const words = useTranslations('models.title')
  const [view, setView] = useState<View>('verse')
  const { model, kind, column } = head
  const verse = verseOf(column.text, !isOpen(column))
  const title = model
    ? t('paneTitle', { kind: words(kind), model: shortName(model.model) })
    : t('chooseModel')
  return (
    <article
      aria-label={title}
      className={cn(
        '@container flex min-w-0 flex-col rounded-lg border bg-surface',
        model && kind !== 'base' && 'border-accent-line',
      )}
    >
      <PaneHead {...head} />
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
