'use client'
import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
/** If storage is disabled or full, a choice lasts as long as the page. */
const here = new Map<string, string>()

function read(name: string): string | null {
  try {
    return here.get(name) ?? localStorage.getItem(name)
  } catch {
    return null
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    here.set(name, value)
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A choice stored in this browser; null before the first choice, and on the server. */
export function usePersisted(name: string): [string | null, (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(name),
    () => null,
  )
  return [value, useCallback((next: string) => write(name, next), [name])]
}
