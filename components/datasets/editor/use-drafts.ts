'use client'
import { useEffect, useRef, useState } from 'react'
import { type InsertPosition, NEW_ROW } from './new-row.ts'

/** Unsaved text, and the revision of the row that it is based on. */
export interface Draft {
  text: string
  revision: number
  /** Position of a new row. */
  seat?: InsertPosition
}

type DraftsByRow = Readonly<Record<string, Draft>>

const nameOf = (datasetId: string) => `limerick.drafts.${datasetId}`

function read(datasetId: string): DraftsByRow {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(datasetId)) ?? '{}') as DraftsByRow
  } catch {
    // Storage may be disabled, or hold data of an older page version.
    return {}
  }
}

/** @returns whether the drafts survive a reload: storage may be full or disabled */
function write(datasetId: string, drafts: DraftsByRow): boolean {
  try {
    if (Object.keys(drafts).length === 0) sessionStorage.removeItem(nameOf(datasetId))
    else sessionStorage.setItem(nameOf(datasetId), JSON.stringify(drafts))
    return true
  } catch {
    return false
  }
}

function without(all: DraftsByRow, rowId: string): DraftsByRow {
  const { [rowId]: _gone, ...rest } = all
  return rest
}

/** ms without a keystroke before drafts are written to storage. */
const SETTLED = 400

/**
 * Revisions that this page has created. A response arrives before the page renders it; a key pressed in between acts on
 * the previous revision, and that is not a conflict.
 */
function useOwnRevisions() {
  const made = useRef(new Map<string, number>())
  const keyOf = (rowId: string, revision: number) => `${rowId} ${revision}`
  return {
    note: (rowId: string, from: number, to: number) => {
      if (to > from) made.current.set(keyOf(rowId, from), to)
    },
    /** The latest revision that our own changes produced from a revision. */
    newest: (rowId: string, revision: number): number => {
      let [at, next]: [number, number | undefined] = [revision, revision]
      while (next !== undefined) [at, next] = [next, made.current.get(keyOf(rowId, next))]
      return at
    },
  }
}

/** Unsaved edits by row; they survive a reload of the tab. */
export function useDrafts(datasetId: string) {
  const [drafts, setDrafts] = useState<DraftsByRow>({})
  const { note, newest } = useOwnRevisions()
  const latest = useRef(drafts)
  latest.current = drafts
  // After the first paint, so that the first browser render matches the server's HTML (hydration).
  useEffect(() => {
    latest.current = { ...read(datasetId), ...latest.current }
    setDrafts(latest.current)
    // The user may leave the editor before the debounce has run.
    return () => void write(datasetId, latest.current)
  }, [datasetId])
  useEffect(() => {
    const timer = setTimeout(() => void write(datasetId, drafts), SETTLED)
    return () => clearTimeout(timer)
  }, [datasetId, drafts])
  const some = Object.keys(drafts).length > 0
  useEffect(() => {
    if (!some) return
    const guard = (event: BeforeUnloadEvent) => {
      if (!write(datasetId, drafts)) event.preventDefault()
    }
    window.addEventListener('beforeunload', guard)
    return () => window.removeEventListener('beforeunload', guard)
  }, [datasetId, drafts, some])
  return {
    drafts,
    keep: (rowId: string, draft: Draft) => setDrafts((all) => ({ ...all, [rowId]: draft })),
    drop: (rowId: string) => setDrafts((all) => without(all, rowId)),
    newest,
    /** Our own change advanced the revision: rebase the draft on the new one. */
    moved: (rowId: string, from: number, to: number) => {
      note(rowId, from, to)
      setDrafts((all) => {
        const draft = all[rowId]
        return draft ? { ...all, [rowId]: { ...draft, revision: newest(rowId, draft.revision) } } : all
      })
    },
    /** The new row was saved and has an id. Text typed during the request becomes a draft of that row. */
    adopt: (rowId: string, { text, revision }: Draft) =>
      setDrafts((all) => {
        const draft = all[NEW_ROW]
        const rest = without(all, NEW_ROW)
        return !draft || draft.text === text ? rest : { ...rest, [rowId]: { text: draft.text, revision } }
      }),
    /** A text was saved. Text typed during the request stays a draft. */
    settle: (rowId: string, text: string) =>
      setDrafts((all) => (all[rowId]?.text === text ? without(all, rowId) : all)),
  }
}

export type Drafts = ReturnType<typeof useDrafts>
