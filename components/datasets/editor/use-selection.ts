'use client'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { RowFilter } from '#lib/datasets/schema.ts'
import { FIRST, type InsertPosition, NEW_ROW, withNewRow } from './new-row.ts'
import type { Caret } from './use-caret.ts'
import type { Drafts } from './use-drafts.ts'
import { useFilter } from './use-filter.ts'
import { type InView, type Rows, useRows } from './use-rows.ts'

/** The open row: its index in the list, and its id. */
interface Place {
  index: number
  id?: string
  /** The line to open, while its row is not loaded. */
  line?: number
}

export interface EditorStart {
  datasetId: string
  /** The line to open, from 1. */
  row: number
}

/** Rows may have moved since the row was opened: its id decides. */
function indexIn(rows: Rows, { index, id, line }: Place): number {
  const found = id !== undefined && rows.at(index)?.id !== id ? rows.placeOf(id) : -1
  if (found !== -1) return found
  const newAt = rows.placeOf(NEW_ROW)
  const isBehindNew = id === undefined && newAt !== -1 && newAt < (line ?? 0)
  return Math.min(index + (isBehindNew ? 1 : 0), Math.max(0, rows.total - 1))
}

/** The filter of the list, and the open row. */
export function useSelection(start: EditorStart, drafts: Drafts['drafts'], { look, lookAway }: Caret) {
  const { datasetId } = start
  const { filter, isFiltered, show } = useFilter()
  const [place, setPlace] = useState<Place>({ index: isFiltered ? 0 : start.row - 1 })
  const [inView, setInView] = useState<InView>({ first: place.index, last: place.index + 20 })
  // A new row without text: it is not stored, and closing it drops it.
  const [untouched, setUntouched] = useState<InsertPosition | null>(null)
  const begun = drafts[NEW_ROW]
  const stored = useRows(datasetId, filter, inView, place.index)
  const isEmpty = !isFiltered && !stored.loading && stored.error === null && stored.total === 0
  // An empty dataset opens with its first row, ready to write.
  const seat = begun?.seat ?? untouched ?? (isEmpty ? FIRST : null)
  const lookAtFirst = useEffectEvent(() => look({ line: 1, id: NEW_ROW, message: 'edit' }))
  useEffect(() => {
    if (isEmpty) lookAtFirst()
  }, [isEmpty])
  const rows = useMemo(
    () => withNewRow(stored, isFiltered ? null : seat, begun?.text),
    [stored, isFiltered, seat, begun?.text],
  )
  const index = indexIn(rows, place)
  const row = rows.at(index)
  const draft = row && drafts[row.id]
  const newAt = rows.placeOf(NEW_ROW)

  const open = (next: number, id = rows.at(next)?.id) => {
    lookAway()
    // Removing an untouched row shifts the later rows by one: the id still finds the row.
    if (id !== NEW_ROW) setUntouched(null)
    setPlace({ index: next, id })
    show(filter, rows.at(next)?.number ?? next + 1)
  }
  /** Opens a line of the dataset, even if the filter hides it. */
  const openLine = (number: number, id?: string) => {
    lookAway()
    setUntouched(null)
    setPlace({ index: number - 1, id, line: number })
    show({}, number)
  }
  const openNew = (at: number) => {
    setPlace({ index: at, id: NEW_ROW })
    show({}, at + 1)
    look({ line: at + 1, id: NEW_ROW, message: 'edit' })
  }
  const changeFilter = (next: RowFilter) => {
    setPlace({ index: 0 })
    show(next, 1)
  }
  return {
    filter,
    isFiltered,
    /** Nothing is stored yet. */
    isEmpty,
    changeFilter,
    rows,
    setInView,
    index,
    row,
    draft,
    text: draft?.text ?? row?.text ?? '',
    isNew: row?.id === NEW_ROW,
    seat,
    setUntouched,
    /** Position of the open row among the stored ones, from 1. */
    position: index + (newAt !== -1 && newAt < index ? 0 : 1),
    /** Stored rows that match the filter. */
    total: stored.total,
    open,
    openLine,
    openNew,
    /** Opens the row that is now at this index, after the open row was deleted. */
    openPlace: (at: number) => setPlace({ index: Math.max(0, at) }),
  }
}

export type Selection = ReturnType<typeof useSelection>
