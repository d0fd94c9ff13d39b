import type { ReactNode } from 'react'

/** A list of facts: names at the start, values at the end of the line. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="grid gap-1.5 px-4 py-3">{children}</dl>
)

export const Fact = ({ label, children }: { label: ReactNode; children: ReactNode }) => (
  <div className="flex min-w-0 items-baseline justify-between gap-5">
    <dt className="shrink-0 text-3">{label}</dt>
    <dd className="min-w-0 truncate text-end tabular-nums">{children}</dd>
  </div>
)
