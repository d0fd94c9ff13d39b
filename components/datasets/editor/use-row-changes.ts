'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { AppError } from '#lib/core/errors.ts'
import { changeRow } from '#lib/datasets/queries.ts'
import type { DatasetRow, RowChange, RowsPage } from '#lib/datasets/schema.ts'
import type { Drafts } from './use-drafts.ts'

export type Marks = Pick<RowChange, 'review' | 'tags' | 'note'>

/** The revision that a row has by now, if that is why its change was refused. */
function revisionIn(thrown: unknown): number | null {
  if (!(thrown instanceof AppError) || thrown.code !== 'conflict') return null
  const { revision } = thrown.facts ?? {}
  return typeof revision === 'number' ? revision : null
}

/** Marks a row at a revision, or at the one that it has by now. @returns the revisions before and after */
async function markAt(datasetId: string, id: string, from: number, marks: Marks) {
  const at = async (revision: number) => ({
    from: revision,
    revision: (await changeRow(datasetId, id, { revision, ...marks })).revision,
  })
  try {
    return await at(from)
  } catch (thrown) {
    const now = revisionIn(thrown)
    if (now === null) throw thrown
    return at(now)
  }
}

/** Sends changes of rows to the server and shows the result. */
export function useRowChanges(datasetId: string, { newest, moved }: Drafts) {
  const queries = useQueryClient()
  const [failure, setFailure] = useState<{ rowId: string; error: unknown } | null>(null)
  const [busy, setBusy] = useState(false)
  const marking = useRef(Promise.resolve())
  const marksMade = useRef(0)
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

  /**
   * Marks leave the text alone, so a row that has changed in between is marked as it is now. They are shown at once and sent
   * one after the other: the next mark may come before the answer to this one.
   */
  const mark = (id: string, from: number, marks: Marks): Promise<void> => {
    show(id, marks)
    const place = ++marksMade.current
    const send = async () => {
      const known = newest(id, from)
      const done = await attempt(id, () => markAt(datasetId, id, known, marks))
      if (done) {
        moved(id, done.from, done.revision)
        // A list that was asked for before may have come since: it does not have the mark.
        show(id, { revision: done.revision, ...(place === marksMade.current && marks) })
      } else void refresh()
    }
    marking.current = marking.current.then(send)
    return marking.current
  }

  return { busy, failure, forgive: () => setFailure(null), refresh, listAgain, attempt, changeOf, mark }
}

export type RowChanges = ReturnType<typeof useRowChanges>
