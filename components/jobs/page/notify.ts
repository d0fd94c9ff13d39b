'use client'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { isTerminal } from '#lib/jobs/status.ts'
import { jobName } from '../job-name.ts'

const WISH = 'limerick.notify'
const CHANGED = 'limerick:notify'

export type Notifying = 'unavailable' | 'denied' | 'off' | 'on'

/** Without browser storage, the setting is off. */
function wished(): boolean {
  try {
    return localStorage.getItem(WISH) === 'yes'
  } catch {
    return false
  }
}

function standing(): Notifying {
  if (!('Notification' in globalThis)) return 'unavailable'
  if (Notification.permission === 'denied') return 'denied'
  return Notification.permission === 'granted' && wished() ? 'on' : 'off'
}

/** Some browsers grant the permission but allow only service workers to notify: the title mark is the fallback. */
function tell(words: string): void {
  try {
    new Notification(words)
  } catch {
    return
  }
}

const listen = (changed: () => void) => {
  addEventListener(CHANGED, changed)
  return () => removeEventListener(CHANGED, changed)
}

/** Whether to notify the user when a job ends; asks for permission only after a click. */
export function useNotifying(): { state: Notifying; toggle: () => Promise<void> } {
  const state = useSyncExternalStore(listen, standing, () => 'unavailable' as const)
  const toggle = async () => {
    if (standing() === 'on') localStorage.removeItem(WISH)
    else if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(WISH, 'yes')
    dispatchEvent(new Event(CHANGED))
  }
  return { state, toggle }
}

const marks = { succeeded: '✓', failed: '✗', cancelled: '○' } as const

/**
 * When a job ends while its page is open: marks the title until the tab is visible, and sends a notification if
 * enabled.
 */
export function useDoneNews(job: JobDetail): void {
  const t = useTranslations('job.notify')
  const before = useRef(job.status)
  const name = jobName(job)
  useEffect(() => {
    const was = before.current
    before.current = job.status
    if (isTerminal(was) || !isTerminal(job.status)) return
    const ended = job.status as keyof typeof marks
    if (standing() === 'on') tell(t(ended, { name }))
    if (!document.hidden) return
    const title = document.title
    document.title = `${marks[ended]} ${title}`
    const look = () => {
      document.title = title
    }
    document.addEventListener('visibilitychange', look, { once: true })
    return () => document.removeEventListener('visibilitychange', look)
  }, [job.status, name, t])
}
