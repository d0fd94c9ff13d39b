'use client'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { count, duration } from '#components/ui/format.ts'
import type { Column } from '#lib/playground/columns.ts'
import type { Place } from './use-panes.ts'

interface EndingNewsProps {
  places: readonly Place[]
  columns: Record<string, Column>
  running: boolean
}

/** Said aloud once, when every answer has ended: a screen reader is not read every token. */
export function EndingNews({ places, columns, running }: EndingNewsProps) {
  const t = useTranslations('playground')
  const lines = places.flatMap(({ id, model }) => {
    const column = columns[id]
    if (!model || !column || column.state === 'empty') return []
    const { completionTokens, totalMs } = column.facts
    return t('summary', {
      title: shortName(model.model),
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
