'use client'
import { useMemo, useRef, useState } from 'react'
import { useStableActions } from '#components/ui/use-stable.ts'
import { MOST_CHOSEN } from '#lib/datasets/constants.ts'
import { rowKeysIn } from '#lib/datasets/queries.ts'
import { NEW_ROW } from './new-row.ts'
import type { Selection } from './use-selection.ts'

/** Rows that are changed together. */
type Keys = ReadonlySet<string>

const NONE: Keys = new Set()

/** How a click or a key selects a row: opens it, adds or removes it, or adds all rows up to it. */
export type Choice = 'open' | 'toggle' | 'extend'

export const choiceOf = ({
  shiftKey,
  ctrlKey,
  metaKey,
}: Record<'shiftKey' | 'ctrlKey' | 'metaKey', boolean>): Choice =>
  shiftKey ? 'extend' : ctrlKey || metaKey ? 'toggle' : 'open'

/** The rows that the user has selected, to change all of them at once. */
export function useChosen(datasetId: string, { filter, rows, index }: Selection) {
  const [chosen, setChosen] = useState<Keys>(NONE)
  /** Where a range begins: the last row that was selected by itself, else the open one. */
  const anchor = useRef<number | null>(null)
  const [error, setError] = useState<unknown>(null)

  /** Ids of the stored rows at these places; those that are not loaded are asked for. */
  async function keysBetween(from: number, to: number): Promise<string[]> {
    const first = Math.min(from, to)
    const length = Math.min(MOST_CHOSEN, Math.abs(from - to) + 1)
    const known = Array.from({ length }, (_, place) => rows.at(first + place)?.id)
    if (known.every((id) => id !== undefined)) return known.filter((id) => id !== NEW_ROW)
    const newAt = rows.placeOf(NEW_ROW)
    const isBehindNew = newAt !== -1 && newAt < first
    return rowKeysIn(datasetId, filter, first - (isBehindNew ? 1 : 0), length)
  }

  async function choose(keys: Promise<readonly string[]>): Promise<void> {
    setError(null)
    try {
      setChosen(new Set((await keys).slice(0, MOST_CHOSEN)))
    } catch (thrown) {
      setError(thrown)
    }
  }

  const toggle = (place: number, id: string) => {
    if (id === NEW_ROW) return
    anchor.current = place
    setChosen((all) => {
      const next = new Set(all)
      if (!next.delete(id) && next.size < MOST_CHOSEN) next.add(id)
      return next
    })
  }

  const actions = useStableActions({
    toggle,
    extend: (place: number) => {
      anchor.current ??= index
      return choose(keysBetween(anchor.current, place))
    },
    all: () => choose(rowKeysIn(datasetId, filter)),
    clear: () => {
      anchor.current = null
      setError(null)
      setChosen(NONE)
    },
  })
  return useMemo(() => ({ chosen, error, ...actions }), [chosen, error, actions])
}

export type Chosen = ReturnType<typeof useChosen>
