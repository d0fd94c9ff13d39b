'use client'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { count, duration } from '#components/ui/format.ts'
import { letterOf } from './pane-head.tsx'
import type { Board } from './use-board.ts'

/** Said aloud once, when every answer has ended: a screen reader is not read every token. */
export function AnswerAnnouncer({ board }: { board: Board }) {
  const t = useTranslations('playground')
  const { places, hidden, running, columnAt } = board
  const lines = places.flatMap(({ model }, index) => {
    const column = columnAt(index)
    if (!model || !column || column.state === 'empty') return []
    const { completionTokens, totalMs } = column.facts
    return t('summary', {
      title: hidden ? t('answerLetter', { letter: letterOf(index) }) : shortName(model.model),
      state: t(`state.${column.state}`),
      answer: count(completionTokens),
      total: duration(totalMs),
    })
  })
  return (
    <p role="status" className="sr-only">
      {!running && lines.join(' ')}
    </p>
  )
}
