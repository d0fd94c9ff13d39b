'use client'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { letterOf } from './pane-head.tsx'
import type { Answers } from './use-answers.ts'
import type { Place } from './use-panes.ts'

interface AnswerAnnouncerProps {
  places: readonly Place[]
  answers: Answers
  running: boolean
}

/** Announces once that every answer has ended: a screen reader must not read every token. */
export function AnswerAnnouncer({ places, answers, running }: AnswerAnnouncerProps) {
  const { count, duration } = useFormat()
  const t = useTranslations('playground')
  const { hidden, columnAt } = answers
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
