import type { ReactNode } from 'react'

/** A count or a one-word label at the end of a row. */
export const Badge = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded bg-base-soft px-1.5 text-2 text-micro tabular-nums">
    {children}
  </span>
)
