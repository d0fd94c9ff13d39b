'use client'
import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { PAGE_ROWS } from '#lib/datasets/constants.ts'
import { rowsQuery } from '#lib/datasets/queries.ts'
import type { DatasetRow, RowFilter, RowsPage } from '#lib/datasets/schema.ts'

/** Indexes of the first and the last visible row, from 0. */
export interface InView {
  first: number
  last: number
}

export interface Rows {
  /** Rows that match the filter; while the first page loads, the last known number. */
  total: number
  /** The row at an index of the list; undefined while its page loads. */
  at: (place: number) => DatasetRow | undefined
  /** Index of a row among the loaded rows; -1 if it is not loaded. */
  placeOf: (id: string) => number
  loading: boolean
  error: unknown
  retry: () => void
}

const pageOf = (place: number): number => Math.floor(place / PAGE_ROWS)

/**
 * Pages to load: the visible ones with one neighbour on each side, and the open row's page. A new row listed before the
 * open one shifts it by one, so the index before it counts as well.
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

/** Rows of a dataset, loaded page by page as they become visible. */
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
