import { useSyncExternalStore } from 'react'

/** ms that the old page stays: most pages are there by then, and a skeleton would only flicker. */
const PATIENCE = 150

/** ms after which the old page can be used again: a navigation may end without a word of it. */
const LONGEST = 15_000

/** Path of the page that is shown: in the address it may be the next one already. */
let current: string | null = null

/** Path of the page that is on its way for longer than a moment, or null. */
let coming: string | null = null
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function become(path: string | null): void {
  if (path === coming) return
  coming = path
  for (const listener of listeners) listener()
}

/** Called by the router when a navigation starts. @param address may be relative */
export function noteNavigation(address: string): void {
  const { pathname } = new URL(address, location.href)
  clearTimeout(timer)
  timer = setTimeout(() => {
    become(pathname === current ? null : pathname)
    timer = setTimeout(() => become(null), LONGEST)
  }, PATIENCE)
}

/** A page has arrived; not always at the path that it set out for. */
export function noteArrival(path: string): void {
  current = path
  clearTimeout(timer)
  become(null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Path of the page that is on its way for longer than a moment, or null. */
export const useComing = (): string | null =>
  useSyncExternalStore(
    subscribe,
    () => coming,
    () => null,
  )
