import { useState } from 'react'
import type { Column } from '#lib/playground/columns.ts'
import type { Asked } from './use-comparison.ts'

const finished = (column: Column | undefined): boolean => column?.state === 'finished'

const NONE: readonly Column[] = []

/** The visible sample of the answers, and its state. */
export function useAnswers(asked: Asked | null) {
  const [sample, setSample] = useState(0)
  const shown = Math.min(sample, (asked?.samples ?? 1) - 1)
  /** Answers by pane position. They are valid only while the pane still has the model that gave them. */
  const columnsAt = (place: number): readonly Column[] => asked?.columns[place] ?? NONE
  const columnAt = (place: number): Column | undefined => columnsAt(place)[shown]
  return {
    sample: shown,
    setSample,
    columnsAt,
    columnAt,
    isFinished: (place: number) => finished(columnAt(place)),
    /** Positions whose answers can receive a vote. */
    votable: asked?.columns.flatMap((all, place) => (finished(all[shown]) ? [place] : [])) ?? [],
    cast: asked?.votes.find((vote) => vote.sample === shown) ?? null,
    hidden: asked?.hidden ?? false,
  }
}

export type Answers = ReturnType<typeof useAnswers>
