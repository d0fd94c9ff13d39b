import type { ReactNode } from 'react'
import { cn } from '#components/ui/cn.ts'

export interface PageProps {
  children: ReactNode
  /** Without padding, for split views that scroll their own panes. */
  flush?: boolean
  className?: string
}

/** The scrolling area under the page header; panels are 16 px apart (12 on a phone). */
export const Page = ({ children, flush, className }: PageProps) => (
  <div
    className={cn(
      'relative min-h-0 flex-1',
      flush
        ? 'flex overflow-hidden'
        : 'flex flex-col gap-3 overflow-y-auto px-(--gutter) py-4 *:shrink-0 sm:gap-4 sm:pt-5 sm:pb-6',
      className,
    )}
  >
    {children}
  </div>
)
