import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { readView, type View, writeView } from './address.ts'

export type Change = (part: Partial<View>) => void

/** What the address says, and the way to say something else. */
export function useView(): { view: View; change: Change } {
  const search = useSearchParams().toString()
  const view = useMemo(() => readView(search), [search])
  const change: Change = (part) => {
    // The address is ahead of the page: of two quick changes the second must not forget the first.
    const query = writeView({ ...readView(location.search), ...part })
    history.replaceState(null, '', query ? `?${query}` : location.pathname)
  }
  return { view, change }
}
