import { useEffect } from 'react'

interface RunKeys {
  run: () => void
  /** null while no answer streams. */
  stop: (() => void) | null
}

/** ⌘ or Ctrl with Enter sends, Escape stops; an open list or dialog handles Escape itself. */
export function useRunKeys({ run, stop }: RunKeys) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        run()
      }
      if (event.key === 'Escape') stop?.()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
