'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeRow } from '#lib/datasets/queries.ts'
import type { DatasetRow, RowChange, RowsPage } from '#lib/datasets/schema.ts'
import type { Drafts } from './use-drafts.ts'

/** Sends changes of rows to the server and shows the result. */
export function useRowChanges(datasetId: string, { newest, moved }: Drafts) {
  const queries = useQueryClient()
  const [failure, setFailure] = useState<{ rowId: string; error: unknown } | null>(null)
  const [busy, setBusy] = useState(false)
  const queryKey = ['datasets', datasetId, 'rows']

  const refresh = () => queries.invalidateQueries({ queryKey: ['datasets'] })

  /** Await this before using line numbers: until the list is reloaded, they belong to other rows. */
  const listAgain = () => queries.refetchQueries({ queryKey, type: 'active' }, { cancelRefetch: false })

  /** Runs a change; an error is shown beside the row. */
  const attempt = async <Result>(rowId: string, change: () => Promise<Result>): Promise<Result | null> => {
    setBusy(true)
    setFailure(null)
    try {
      const result = await change()
      void refresh()
      return result
    } catch (thrown) {
      setFailure({ rowId, error: thrown })
      return null
    } finally {
      setBusy(false)
    }
  }

  /** Shows a saved row at once, before the list is reloaded. */
  const show = (rowId: string, change: Partial<DatasetRow>) =>
    queries.setQueriesData<RowsPage>({ queryKey }, (page) =>
      page?.rows.some(({ id }) => id === rowId)
        ? { ...page, rows: page.rows.map((one) => (one.id === rowId ? { ...one, ...change } : one)) }
        : page,
    )

  /** @param from the revision that the page knew when it made the change */
  const changeOf = async (id: string, from: number, body: Omit<RowChange, 'revision'>) => {
    const revision = newest(id, from)
    const done = await attempt(id, () => changeRow(datasetId, id, { revision, ...body }))
    if (!done) return null
    moved(id, revision, done.revision)
    const { line, deleted: _, ...seen } = body
    show(id, { revision: done.revision, ...seen, ...(line !== undefined && { text: line }) })
    return done
  }

  return { busy, failure, forgive: () => setFailure(null), refresh, listAgain, attempt, changeOf }
}

export type RowChanges = ReturnType<typeof useRowChanges>
