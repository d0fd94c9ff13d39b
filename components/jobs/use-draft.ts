'use client'
import { useCallback, useEffect, useState } from 'react'
import { newJobId } from '#lib/ids.ts'
import { JobDraft } from '#lib/jobs/schema.ts'

/** Drafts of an older shape are not read: the name says which this is. */
const KEPT = 'limerick.job-draft.1'

/** What was typed may not be right yet, and is kept all the same. */
const Kept = JobDraft.extend({
  model: JobDraft.shape.model.catch(''),
  suffix: JobDraft.shape.suffix.catch(''),
})

function kept(): JobDraft | null {
  try {
    return Kept.safeParse(JSON.parse(localStorage.getItem(KEPT) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

interface Draft {
  draft: JobDraft
  /** Whether it is one that was left here before. */
  restored: boolean
  change: (part: Partial<JobDraft>) => void
  /** Goes back to how the form began. */
  restart: () => void
  /** The id has stood for a request that was refused: the next one needs its own. */
  renew: () => void
  /** It has become a run. */
  done: () => void
}

/**
 * The form's draft. What was changed outlives a reload or leaving the page, in this browser; a form that was asked to
 * begin with something else leaves it alone.
 * @param fresh what the form shows first
 * @param mayRestore whether a draft that was left before takes its place
 */
export function useDraft(fresh: () => JobDraft, mayRestore: boolean): Draft {
  const [draft, setDraft] = useState(fresh)
  const [restored, setRestored] = useState(false)
  const [touched, setTouched] = useState(false)
  useEffect(() => {
    const before = mayRestore ? kept() : null
    if (!before) return
    setDraft({ ...before, id: newJobId(), confirmed: null })
    setRestored(true)
  }, [mayRestore])
  useEffect(() => {
    if (touched) localStorage.setItem(KEPT, JSON.stringify(draft))
  }, [touched, draft])
  const change = useCallback((part: Partial<JobDraft>) => {
    setTouched(true)
    setDraft((before) => ({ ...before, ...part }))
  }, [])
  const forget = () => {
    localStorage.removeItem(KEPT)
    setTouched(false)
    setRestored(false)
  }
  return {
    draft,
    restored,
    change,
    restart: () => {
      forget()
      setDraft(fresh())
    },
    renew: () => setDraft((before) => ({ ...before, id: newJobId(), confirmed: null })),
    done: forget,
  }
}
