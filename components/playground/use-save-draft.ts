'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { Answers } from './use-answers.ts'
import type { Place } from './use-panes.ts'

/** What an answer is kept as. */
export type Kept = 'example' | 'preference'

/** The dataset that is made for it. */
export const NEW = 'new'

/** Datasets that can take such a row, the one the run was trained on first. */
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

/** The answer that a row begins with: the chosen one, else the last, which is the fine-tuned one at first. */
const winnerOf = ({ answers, places }: Answered): number => answers.cast?.winner ?? places.length - 1

interface Draft {
  place: string
  answer: string
  other: string
  worse: string
  target: string | null
  /** A held-out row with this question goes over to training, in place of a second row. */
  move: boolean
}

/** What is about to be kept, as it is corrected. */
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
