'use client'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import type { RowFilter } from '#lib/datasets/schema.ts'
import { editorAddress, filterOf, tidy } from './address.ts'

const NONE = { q: null, rule: null, role: null, split: null, review: null, tag: null, line: null }

/** The filter of the list, read from the URL together with the open row. */
export function useFilter() {
  const [{ q, rule, role, split, review, tag, line }, write] = useQueryStates(editorAddress)
  const filter = useMemo(
    () => filterOf({ q, rule, role, split, review, tag, line }),
    [q, rule, role, split, review, tag, line],
  )
  return {
    filter,
    isFiltered: Object.keys(filter).length > 0,
    /** @param row number of the row */
    show: (next: RowFilter, row: number) => void write({ ...NONE, ...tidy(next), row: String(row) }),
  }
}
