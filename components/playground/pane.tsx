'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { cn } from '#components/ui/cn.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'
import { limerickQuery } from '#lib/evals/queries.ts'
import { type Column, emptyColumn, isOpen } from '#lib/playground/columns.ts'
import { verseOf } from '#lib/playground/limerick-lines.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'
import { AnswerText } from './answer-text.tsx'
import { Said } from './earlier-turns.tsx'
import { PaneEnding } from './pane-ending.tsx'
import { HiddenHead, letterOf, PaneHead } from './pane-head.tsx'
import { Provenance } from './provenance.tsx'
import { Stats } from './stats.tsx'
import type { Board } from './use-board.ts'
import type { Place } from './use-panes.ts'
import { Verdict, type View } from './verdict.tsx'

interface PaneProps {
  board: Board
  place: Place
  index: number
  models: readonly CatalogModel[]
  hasData: boolean
}

const ended = ({ state }: Column): boolean => state === 'finished' || state === 'interrupted'

/** The first pane's answer, to hold this one against; null in the first pane and until both have ended. */
function baselineOf(board: Board, index: number, column: Column): string | null {
  const first = board.columnAt(0)
  if (!board.view.diff || index === 0 || !first) return null
  return ended(first) && ended(column) ? first.text : null
}

function useTitle({ hidden }: Board, { model, fewShot }: Place, index: number): string {
  const t = useTranslations('playground')
  const words = useTranslations('models.title')
  if (hidden) return t('answerLetter', { letter: letterOf(index) })
  if (!model) return t('chooseModel')
  const title = t('paneTitle', { kind: words(kindOf(model.model)), model: shortName(model.model) })
  return fewShot > 0 ? `${title}, ${t('shots', { count: fewShot })}` : title
}

/** What the grader of the evaluations says of an answer that looks like a limerick and has ended. */
function useLimerick({ state, text }: Column, verse: readonly string[] | null): Grade | undefined {
  const { data } = useQuery({ ...limerickQuery(text), enabled: verse !== null && state === 'finished' })
  return data
}

/** One model's answer: its name, the text, what it took and who really gave it. */
export function Pane({ board, place, index, models, hasData }: PaneProps) {
  const t = useTranslations('playground')
  const [view, setView] = useState<View>('verse')
  const { model, earlier } = place
  const { hidden } = board
  const column = board.columnAt(index) ?? emptyColumn
  const kind = model ? kindOf(model.model) : 'base'
  const verse = verseOf(column.text, !isOpen(column))
  const grade = useLimerick(column, verse)
  const baseline = baselineOf(board, index, column)
  const title = useTitle(board, place, index)
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
        <PaneHead board={board} place={place} models={models} kind={kind} column={column} hasData={hasData} />
      )}
      {!hidden && <Said turns={earlier} />}
      <AnswerText
        column={column}
        verse={view === 'verse' && baseline === null ? verse : null}
        grade={grade}
        baseline={baseline}
        label={title}
        placeholder={t(model ? 'runToSee' : 'chooseToSee')}
        ending={<PaneEnding column={column} onRerun={() => board.again(index)} />}
      />
      <Verdict
        column={column}
        samples={board.columnsAt(index)}
        verse={verse}
        grade={grade}
        view={view}
        onView={setView}
        maxTokens={(place.sampling ?? board.question).maxTokens}
      />
      <Stats column={column} hidden={hidden} />
      {!hidden && <Provenance column={column} />}
    </article>
  )
}
