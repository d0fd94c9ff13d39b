import { useState } from 'react'
import type { Column } from '#lib/playground/columns.ts'
import type { Asked } from './use-comparison.ts'

const finished = (column: Column | undefined): boolean => column?.state === 'finished'

const NONE: readonly Column[] = []

/** The visible sample of the answers, and its state. */
export function useAnswers(asked: Asked | null) {
  const [sample, setOne] = useState(0)
  const [wantsAll, setAll] = useState(false)
  const all = wantsAll && (asked?.samples ?? 1) > 1
  const shown = Math.min(sample, (asked?.samples ?? 1) - 1)
  /** Answers by pane position. They are valid only while the pane still has the model that gave them. */
  const columnsAt = (place: number): readonly Column[] => asked?.columns[place] ?? NONE
  const columnAt = (place: number): Column | undefined => columnsAt(place)[shown]
  return {
    sample: shown,
    setSample: (next: number) => {
      setAll(false)
      setOne(next)
    },
    /** All samples are shown at once, so there is no single one to vote on. */
    all,
    showAll: () => setAll(true),
    columnsAt,
    columnAt,
    isFinished: (place: number) => finished(columnAt(place)),
    /** Positions whose answers can receive a vote. */
    votable: all
      ? []
      : (asked?.columns.flatMap((samples, place) => (finished(samples[shown]) ? [place] : [])) ?? []),
    cast: all ? null : (asked?.votes.find((vote) => vote.sample === shown) ?? null),
    hidden: asked?.hidden ?? false,
  }
}

export type Answers = ReturnType<typeof useAnswers>
