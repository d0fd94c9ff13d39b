import { useCallback, useEffect, useState } from 'react'
import { newJobId } from '#lib/core/ids.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { SLOT, written } from './persisted-draft.ts'

/** Storage may be unavailable: the form works without it. */
function inStorage<Answer>(use: (storage: Storage) => Answer): Answer | null {
  try {
    return use(localStorage)
  } catch {
    return null
  }
}

interface Draft {
  draft: JobDraft
  /** Whether the draft was restored from storage. */
  restored: boolean
  /** Whether the user has changed it. */
  touched: boolean
  /** A stored draft is being read: the shown one must not be sent. */
  reading: boolean
  change: (part: Partial<JobDraft>) => void
  /** Call before sending: if the user leaves before the response, the same id is sent again and billed once. */
  keep: () => void
  /** Resets the form to its initial draft. */
  restart: () => void
  /** Assigns a new id: the old id belongs to a rejected request. */
  renew: () => void
  /** Call when the draft has become a job. */
  done: () => void
}

/**
 * The form's draft. Changes survive a reload or leaving the page, in this browser.
 * @param fresh the initial draft
 * @param origin key of the form's initial values; the stored draft is restored if the key is equal or empty
 */
export function useDraft(fresh: () => JobDraft, origin: string): Draft {
  const [draft, setDraft] = useState(fresh)
  const [restored, setRestored] = useState(false)
  const [touched, setTouched] = useState(false)
  const [reading, setReading] = useState(false)
  useEffect(() => {
    const text = inStorage((storage) => storage.getItem(SLOT))
    if (text === null) return
    let here = true
    setReading(true)
    // If it cannot be loaded, nothing is sent: the draft that was kept may have created a job already.
    void import('./read-kept.ts').then(({ readKept }) => {
      if (!here) return
      const before = readKept(text, origin)
      if (before) {
        setDraft(before)
        setRestored(true)
      }
      setReading(false)
    })
    return () => {
      here = false
    }
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
    ...{ draft, restored, touched, reading, change, keep, renew },
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
