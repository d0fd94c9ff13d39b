import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { evalQuery } from '#lib/evals/queries.ts'
import type { EvalPage, EvalRow } from '#lib/evals/schema.ts'
import { askedFor, type Change, PAGE, type View } from './address.ts'

export const useEval = (evalId: string, view: View) =>
  useQuery({ ...evalQuery(evalId, askedFor(view)), placeholderData: keepPreviousData })

/** The open row; it stays open when an active evaluation's order moves it to another page. */
export function useOpenRow(page: EvalPage | undefined, { row: key }: View): EvalRow | null {
  const last = useRef<EvalRow | null>(null)
  const found = page?.rows.find((row) => row.key === key)
  if (found) last.current = found
  return found ?? (last.current?.key === key ? last.current : null)
}

/**
 * Moves one row down or up; past the edge of a page, to the first row of the next or the last row of the previous page.
 */
export function useSteps(page: EvalPage | undefined, stale: boolean, view: View, change: Change) {
  const [edge, setEdge] = useState<'first' | 'last' | null>(null)
  const rows = page?.rows ?? []
  const landing = edge !== null && !stale && page?.offset === (view.page - 1) * PAGE ? rows : null
  useEffect(() => {
    if (!landing) return
    setEdge(null)
    const row = landing.at(edge === 'first' ? 0 : -1)
    if (row) change({ row: row.key })
  })
  return (by: 1 | -1) => {
    if (!page) return
    // Rows in the new order are loading: remember the key press until they arrive.
    if (stale) return setEdge(by > 0 ? 'first' : 'last')
    const at = rows.findIndex(({ key }) => key === view.row)
    const next = at < 0 ? rows[0] : rows[at + by]
    if (next) return change({ row: next.key })
    const other = view.page + by
    if (other < 1 || (other - 1) * PAGE >= page.total) return
    setEdge(by > 0 ? 'first' : 'last')
    change({ page: other, row: null })
  }
}
