import { useCallback, useEffect, useState } from 'react'
import { newJobId } from '#lib/core/ids.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { readKept, SLOT, written } from './persisted-draft.ts'

/** A browser may refuse to store anything: the form works all the same. */
function inStorage<Answer>(use: (storage: Storage) => Answer): Answer | null {
  try {
    return use(localStorage)
  } catch {
    return null
  }
}

interface Draft {
  draft: JobDraft
  /** Whether it is one that was left here before. */
  restored: boolean
  change: (part: Partial<JobDraft>) => void
  /** Before it is sent: who leaves before the answer finds it again with the same id, and pays once. */
  keep: () => void
  /** Goes back to how the form began. */
  restart: () => void
  /** The id has stood for a request that was refused: the next one needs its own. */
  renew: () => void
  /** It has become a run. */
  done: () => void
}

/**
 * The form's draft. What was changed outlives a reload or leaving the page, in this browser.
 * @param fresh what the form shows first
 * @param origin what it was asked to begin with; only the same, or nothing, brings back the draft that was left
 */
export function useDraft(fresh: () => JobDraft, origin: string): Draft {
  const [draft, setDraft] = useState(fresh)
  const [restored, setRestored] = useState(false)
  const [touched, setTouched] = useState(false)
  useEffect(() => {
    const before = inStorage((storage) => readKept(storage.getItem(SLOT), origin))
    if (!before) return
    setDraft(before)
    setRestored(true)
  }, [origin])
  const keep = useCallback(
    () => inStorage((storage) => storage.setItem(SLOT, written(origin, draft))),
    [origin, draft],
  )
  useEffect(() => {
    if (touched) keep()
  }, [touched, keep])
  const change = useCallback((part: Partial<JobDraft>) => {
    setTouched(true)
    setDraft((before) => ({ ...before, ...part }))
  }, [])
  const renew = () => change({ id: newJobId(), confirmed: null })
  const forget = () => {
    inStorage((storage) => storage.removeItem(SLOT))
    setTouched(false)
    setRestored(false)
  }
  return {
    ...{ draft, restored, change, keep, renew },
    restart: () => {
      forget()
      setDraft(fresh())
    },
    done: () => {
      forget()
      setDraft((before) => ({ ...before, id: newJobId(), confirmed: null }))
    },
  }
}
