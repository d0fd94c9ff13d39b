'use client'
import { useState } from 'react'
import { RowFilter } from '#lib/datasets/schema.ts'

const KEYS = Object.keys(RowFilter.shape) as (keyof RowFilter)[]

/** Only what is set: an empty search is none. */
export const tidy = (filter: RowFilter): RowFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as RowFilter

/** Writes the filter and the open row into the address, without a new page. */
export function showInAddress(filter: RowFilter, row: number): void {
  const address = new URLSearchParams()
  for (const key of KEYS) {
    const value = filter[key]
    if (value) address.set(key, value)
  }
  address.set('row', String(row))
  window.history.replaceState(null, '', `?${address}`)
}

/** Which rows the list shows. */
export function useFilter(start: RowFilter) {
  const [filter, setFilter] = useState<RowFilter>(tidy(start))
  return {
    filter,
    isFiltered: Object.keys(filter).length > 0,
    setFilter: (next: RowFilter) => setFilter(tidy(next)),
  }
}
