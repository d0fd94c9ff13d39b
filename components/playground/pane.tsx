'use client'
import { memo, useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { cn } from '#components/ui/cn.ts'
import { blocksOf, isMarkdown } from '#components/ui/markdown-blocks.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { domain } from '#lib/domain/domain.ts'
import type { ListedModel } from '#lib/models/schema.ts'
import { type Column, emptyColumn, isOpen } from '#lib/playground/columns.ts'
import type { Sampling } from '#lib/playground/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import { AnswerText } from './answer-text.tsx'
import { Said } from './earlier-turns.tsx'
import { PaneEnding } from './pane-ending.tsx'
import { HiddenHead, letterOf, PaneHead } from './pane-head.tsx'
import { Provenance } from './provenance.tsx'
import { Stats } from './stats.tsx'
import { useGrade } from './use-grade.ts'
import type { Panes, Place } from './use-panes.ts'
import { Verdict, type View, viewsOf } from './verdict.tsx'

/** Actions of a pane. Their identity is stable across renders, so that memoized panes do not render again. */
export interface PaneActions extends Pick<Panes, 'change' | 'remove'> {
  clear: () => void
  again: (place: number) => void
}

interface PaneProps {
  place: Place
  index: number
  /** Whether it is the only pane. */
  alone: boolean
  /** The visible answer; undefined before the first question. */
  column: Column | undefined
  /** All answers of the pane. */
  samples: readonly Column[]
  /** The first pane's answer, for comparison; null in the first pane and until both answers have ended. */
  baseline: string | null
  /** Whether the model name is hidden. */
  hidden: boolean
  shared: Sampling
  models: readonly ListedModel[]
  hasData: boolean
  /** Whether all samples are shown. */
  all: boolean
  /** Whether a vote was cast on these answers. */
  voted: boolean
  actions: PaneActions
}

const ended = ({ state }: Column): boolean => state === 'finished' || state === 'interrupted'

/** The text that a pane's answer is compared with. */
export const baselineOf = (first: Column | undefined, column: Column | undefined): string | null =>
  first && column && ended(first) && ended(column) ? first.text : null

function useTitle({ hidden, index, place: { model, fewShot } }: PaneProps): string {
  const { list } = useFormat()
  const t = useTranslations('playground')
  const words = useTranslations('models.title')
  if (hidden) return t('answerLetter', { letter: letterOf(index) })
  if (!model) return t('chooseModel')
  const title = t('paneTitle', { kind: words(kindOf(model.model)), model: shortName(model.model) })
  return fewShot > 0 ? list([title, t('shots', { count: fewShot })]) : title
}

/** One model's answer: name, text, usage, and the model that the server reports. */
export const Pane = memo(function Pane(props: PaneProps) {
  const { place, index, alone, samples, baseline, hidden, shared, models, hasData, actions } = props
  const { all, voted } = props
  const t = useTranslations('playground')
  const [chosen, setView] = useState<View>('lines')
  const { model, earlier } = place
  const column = props.column ?? emptyColumn
  const kind = model ? kindOf(model.model) : 'base'
  const lines = domain.linesOf(column.text, !isOpen(column))
  const grade = useGrade(column, lines)
  const title = useTitle(props)
  // While it streams, an answer stays as it is: what it will be formatted as is not known yet.
  const blocks = useMemo(() => (isOpen(column) ? [] : blocksOf(column.text)), [column])
  const views = viewsOf(column, lines, isMarkdown(blocks))
  const view = views.includes(chosen) ? chosen : (views[0] ?? 'raw')
  const single = baseline === null && !all
  return (
    <article
      aria-label={title}
      className={cn(
        '@container flex min-w-0 flex-col rounded-lg border bg-surface',
        model && kind !== 'base' && !hidden && 'border-accent-line',
      )}
    >
      {hidden ? (
        <HiddenHead index={index} column={column} />
      ) : (
        <PaneHead
          place={place}
          alone={alone}
          shared={shared}
          models={models}
          kind={kind}
          column={column}
          hasData={hasData}
          actions={actions}
        />
      )}
      {!hidden && <Said turns={earlier} />}
      <AnswerText
        column={column}
        lines={view === 'lines' && single ? lines : null}
        grade={grade}
        baseline={all ? null : baseline}
        samples={all ? samples : null}
        tokens={view === 'tokens' && single}
        blocks={view === 'formatted' && single ? blocks : null}
        label={title}
        placeholder={t(model ? 'runToSee' : 'chooseToSee')}
        ending={<PaneEnding column={column} onRerun={() => actions.again(index)} />}
      />
      <Verdict
        column={column}
        samples={samples}
        lines={lines}
        grade={grade}
        // Differences and several samples are shown in one way only.
        views={single ? views : []}
        view={view}
        onView={setView}
        maxTokens={(place.sampling ?? shared).maxTokens}
        voted={voted}
        onAgain={() => actions.again(index)}
      />
      {column.state !== 'empty' && <Stats column={column} hidden={hidden} />}
      {!hidden && <Provenance column={column} />}
    </article>
  )
})
