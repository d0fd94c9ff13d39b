'use client'
import { useMemo, useState } from 'react'
import type { RowFilter } from '#lib/datasets/schema.ts'
import { NEW_ROW, type Seat, withNewRow } from './new-row.ts'
import type { Caret } from './use-caret.ts'
import type { Drafts } from './use-drafts.ts'
import { useFilter } from './use-filter.ts'
import { type InView, type Rows, useRows } from './use-rows.ts'

/** The open row: its place in the list, and which row that was. */
interface Place {
  index: number
  id?: string
  /** The line that is meant, where its row is not known yet. */
  line?: number
}

export interface EditorStart {
  datasetId: string
  /** The line to open, from 1. */
  row: number
}

/** Rows may have moved since a row was opened: that row is the one that is meant. */
function indexIn(rows: Rows, { index, id, line }: Place): number {
  const found = id !== undefined && rows.at(index)?.id !== id ? rows.placeOf(id) : -1
  if (found !== -1) return found
  const newAt = rows.placeOf(NEW_ROW)
  const isBehindNew = id === undefined && newAt !== -1 && newAt < (line ?? 0)
  return Math.min(index + (isBehindNew ? 1 : 0), Math.max(0, rows.total - 1))
}

/** Which rows the list shows, and which of them is open. */
export function useSelection(start: EditorStart, drafts: Drafts['drafts'], { look, lookAway }: Caret) {
  const { datasetId } = start
  const { filter, isFiltered, show } = useFilter()
  const [place, setPlace] = useState<Place>({ index: isFiltered ? 0 : start.row - 1 })
  const [inView, setInView] = useState<InView>({ first: place.index, last: place.index + 20 })
  // A new row in which nothing was typed yet: it is stored nowhere, and gone when another row is opened.
  const [untouched, setUntouched] = useState<Seat | null>(null)
  const begun = drafts[NEW_ROW]
  const seat = begun?.seat ?? untouched
  const stored = useRows(datasetId, filter, inView, place.index)
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
    // Without an untouched row, those behind it stand one place earlier: the id finds them.
    if (id !== NEW_ROW) setUntouched(null)
    setPlace({ index: next, id })
    show(filter, rows.at(next)?.number ?? next + 1)
  }
  /** Opens a line of the dataset, whichever rows the list shows. */
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
    /** Of the open row among the stored ones, from 1. */
    position: index + (newAt !== -1 && newAt < index ? 0 : 1),
    /** Rows that are stored, of those that the filter lets through. */
    total: stored.total,
    open,
    openLine,
    openNew,
    /** After the open row is gone: whichever row stands there now. */
    openPlace: (at: number) => setPlace({ index: Math.max(0, at) }),
  }
}

export type Selection = ReturnType<typeof useSelection>
