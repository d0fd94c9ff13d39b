import { useEffect, useRef, useState } from 'react'
import { AppError } from '#lib/errors.ts'
import { advance, type Column, emptyColumn, end, isOpen } from '#lib/playground/columns.ts'
import { askPanes } from '#lib/playground/queries.ts'
import type { CompareRequest } from '#lib/playground/schema.ts'

type Columns = Record<string, Column>

export const columnOf = (columns: Columns, pane: string): Column => columns[pane] ?? emptyColumn

const abortAll = (requests: Iterable<AbortController>) => {
  for (const request of requests) request.abort()
}

/** The answers of all panes, and how to ask for them and stop them. Leaving the page stops them too. */
export function useComparison() {
  const [columns, setColumns] = useState<Columns>({})
  const open = useRef(new Set<AbortController>())

  useEffect(() => {
    const left = open.current
    return () => abortAll(left)
  }, [])

  const change = (pane: string, next: (column: Column) => Column) =>
    setColumns((all) => ({ ...all, [pane]: next(columnOf(all, pane)) }))

  async function run(request: CompareRequest) {
    const leave = new AbortController()
    open.current.add(leave)
    for (const { id } of request.panes) change(id, () => ({ ...emptyColumn, state: 'waiting' }))
    let error: AppError | null = null
    try {
      for await (const chunk of askPanes(request, leave.signal))
        change(chunk.pane, (column) => advance(column, chunk))
    } catch (thrown) {
      if (!leave.signal.aborted) error = thrown instanceof AppError ? thrown : null
    }
    open.current.delete(leave)
    for (const { id } of request.panes) change(id, (column) => end(column, error))
  }

  const clear = (pane: string) => change(pane, () => emptyColumn)
  return {
    columns,
    running: Object.values(columns).some(isOpen),
    run,
    stop: () => abortAll(open.current),
    clear,
  }
}
