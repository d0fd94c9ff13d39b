'use client'
import { useEffect, useRef, useState } from 'react'
import { NEW_ROW, type Seat } from './new-row.ts'

/** Text that was typed and is not saved, and the revision of the row that it was typed over. */
export interface Draft {
  text: string
  revision: number
  /** Of a new row: where it will stand. */
  seat?: Seat
}

type DraftsByRow = Readonly<Record<string, Draft>>

const nameOf = (datasetId: string) => `limerick.drafts.${datasetId}`

function read(datasetId: string): DraftsByRow {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(datasetId)) ?? '{}') as DraftsByRow
  } catch {
    // Storage may be switched off, and may hold what an older page wrote.
    return {}
  }
}

/** @returns whether it stands where a reload finds it: storage may be full or switched off */
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

/** ms without a keystroke before drafts are put where a reload finds them. */
const SETTLED = 400

/**
 * Revisions that this page itself has made of rows. An answer comes before the page is drawn from it, and a key that is
 * pressed in between acts on the revision before: that is no conflict.
 */
function useOwnRevisions() {
  const made = useRef(new Map<string, number>())
  const keyOf = (rowId: string, revision: number) => `${rowId} ${revision}`
  return {
    note: (rowId: string, from: number, to: number) => {
      if (to > from) made.current.set(keyOf(rowId, from), to)
    },
    /** What our own changes have made of a revision. */
    newest: (rowId: string, revision: number): number => {
      let [at, next]: [number, number | undefined] = [revision, revision]
      while (next !== undefined) [at, next] = [next, made.current.get(keyOf(rowId, next))]
      return at
    },
  }
}

/** What is written and not saved, by row; it outlives a reload of the tab. */
export function useDrafts(datasetId: string) {
  const [drafts, setDrafts] = useState<DraftsByRow>({})
  const { note, newest } = useOwnRevisions()
  const latest = useRef(drafts)
  latest.current = drafts
  // After the first paint, so that the server's page and the browser's are the same.
  useEffect(() => {
    latest.current = { ...read(datasetId), ...latest.current }
    setDrafts(latest.current)
    // Another page of the studio may be opened before the keys have rested.
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
    /** A change of ours led from a revision to the next: what was typed over the one stands over the other. */
    moved: (rowId: string, from: number, to: number) => {
      note(rowId, from, to)
      setDrafts((all) => {
        const draft = all[rowId]
        return draft ? { ...all, [rowId]: { ...draft, revision: newest(rowId, draft.revision) } } : all
      })
    },
    /** The new row was saved and has an id now. What was typed while it was on its way is a draft of that row. */
    adopt: (rowId: string, { text, revision }: Draft) =>
      setDrafts((all) => {
        const draft = all[NEW_ROW]
        const rest = without(all, NEW_ROW)
        return !draft || draft.text === text ? rest : { ...rest, [rowId]: { text: draft.text, revision } }
      }),
    /** A text was saved. What was typed while it was on its way stays a draft. */
    settle: (rowId: string, text: string) =>
      setDrafts((all) => (all[rowId]?.text === text ? without(all, rowId) : all)),
  }
}

export type Drafts = ReturnType<typeof useDrafts>
