'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { Answers } from './use-answers.ts'
import type { Place } from './use-panes.ts'

/** The kinds of row that an answer can be saved as. */
export type Kept = 'example' | 'preference'

/** Option value for a new dataset. */
export const NEW = 'new'

/** Datasets that accept such a row, starting with the job's dataset. */
export function useTargets(kind: Kept, home: string | null) {
  const t = useTranslations('playground.save')
  const { data = [] } = useQuery(datasetsQuery())
  const method = kind === 'preference' ? 'preference' : 'supervised'
  const fitting = data.filter((dataset) => dataset.state === 'empty' || dataset.method === method)
  const options = [
    ...fitting.map(({ id, name }) => ({ value: id, label: name })),
    { value: NEW, label: t('newDataset') },
  ]
  const first = fitting.find(({ id }) => id === home) ?? (kind === 'preference' ? fitting[0] : undefined)
  return { datasets: data, options, first: first?.id ?? NEW }
}

interface Answered {
  places: readonly Place[]
  answers: Answers
}

/** The initial answer: the winner of the vote, else the last pane, which by default is the fine-tuned model. */
const winnerOf = ({ answers, places }: Answered): number => answers.cast?.winner ?? places.length - 1

interface Draft {
  place: string
  answer: string
  other: string
  worse: string
  target: string | null
  /** Moves the held-out row with this question to training, instead of adding a second row. */
  move: boolean
}

/** The row to save, with the user's corrections. */
export function useSaveDraft(answered: Answered, kind: Kept) {
  const winner = winnerOf(answered)
  const other = answered.places.findIndex((_, index) => index !== winner)
  const textAt = (place: number) => answered.answers.columnAt(place)?.text ?? ''
  const [draft, setDraft] = useState<Draft>(() => ({
    place: String(winner),
    answer: textAt(winner),
    other: String(other),
    worse: kind === 'preference' ? textAt(other) : '',
    target: null,
    move: true,
  }))
  return {
    draft,
    change: (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next })),
    textAt,
  }
}
