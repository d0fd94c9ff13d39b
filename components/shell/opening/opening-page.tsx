'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { noteArrival, useComing } from './coming.ts'
import { RouteSkeleton } from './route-skeleton.tsx'

/**
 * The page, and over it the outline of the next one while that takes longer than a moment. Not `loading.tsx`: see
 * docs/decisions.md.
 */
export function OpeningPage({ children }: { children: ReactNode }) {
  const pathname = usePathname()
  const coming = useComing()
  const isOpening = coming !== null && coming !== pathname
  const search = useSearchParams()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a filter that is written ends a navigation on its way
  useEffect(() => noteArrival(pathname), [pathname, search])
  useEffect(() => {
    const comeBack = ({ persisted }: PageTransitionEvent) => persisted && noteArrival(location.pathname)
    addEventListener('pageshow', comeBack)
    return () => removeEventListener('pageshow', comeBack)
  }, [])
  return (
    <div className="relative flex min-h-0 flex-1 flex-col overflow-clip">
      <div className="contents" inert={isOpening}>
        {children}
      </div>
      {isOpening && <RouteSkeleton path={coming} />}
    </div>
  )
}
