'use client'
import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { rowsQuery } from '#lib/datasets/queries.ts'
import { type DatasetRow, PAGE_ROWS, type RowFilter, type RowsPage } from '#lib/datasets/schema.ts'

/** Places of the list that are in view, first and last, from 0. */
export interface InView {
  first: number
  last: number
}

export interface Rows {
  /** Rows that the filter lets through; what was known last while nothing is. */
  total: number
  /** The row at a place of the list; undefined while its page is on the way. */
  at: (place: number) => DatasetRow | undefined
  /** Where a row stands among those that are here; -1 when it is not. */
  placeOf: (id: string) => number
  loading: boolean
  error: unknown
  retry: () => void
}

const pageOf = (place: number): number => Math.floor(place / PAGE_ROWS)

/**
 * Pages to load: those in view with a neighbour each, and the open row's page. A new row listed before the open one moves
 * it by one place, so the place before counts as well.
 */
function pagesFor({ first, last }: InView, open: number): number[] {
  const pages = new Set([pageOf(open), pageOf(Math.max(0, open - 1))])
  for (let page = Math.max(0, pageOf(first - PAGE_ROWS / 2)); page <= pageOf(last + PAGE_ROWS / 2); page++) {
    pages.add(page)
  }
  return [...pages].sort((a, b) => a - b)
}

interface Loaded {
  pages: RowsPage[]
  error: unknown
  retry: (() => void) | null
}

const loadedOf = (answers: readonly UseQueryResult<RowsPage>[]): Loaded => {
  const failed = answers.find(({ error }) => error !== null)
  return {
    pages: answers.flatMap(({ data }) => data ?? []),
    error: failed?.error ?? null,
    retry: failed ? () => void failed.refetch() : null,
  }
}

function lookup(pages: readonly RowsPage[]): Pick<Rows, 'at' | 'placeOf'> {
  const places = new Map<number, DatasetRow>()
  for (const { rows, offset } of pages)
    for (const [index, row] of rows.entries()) places.set(offset + index, row)
  return {
    at: (place) => places.get(place),
    placeOf: (id) => {
      for (const [place, row] of places) if (row.id === id) return place
      return -1
    },
  }
}

/** Rows of a dataset, page by page as they are looked at. */
export function useRows(datasetId: string, filter: RowFilter, inView: InView, open: number): Rows {
  const known = useRef(0)
  const isThere = (page: number) => page === 0 || page * PAGE_ROWS < known.current || page === pageOf(open)
  const { pages, error, retry } = useQueries({
    queries: pagesFor(inView, open)
      .filter(isThere)
      .map((page) => rowsQuery(datasetId, filter, page * PAGE_ROWS)),
    combine: loadedOf,
  })
  const newest = pages.at(-1)
  if (newest) known.current = newest.total
  const total = known.current
  const loading = newest === undefined
  return useMemo(
    () => ({ ...lookup(pages), total, loading, error, retry: () => retry?.() }),
    [pages, total, loading, error, retry],
  )
}
