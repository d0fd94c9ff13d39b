import type { ReactNode } from 'react'

/** For screen readers only. */
export const VisuallyHidden = ({ children, id }: { children: ReactNode; id?: string }) => (
  <span className="sr-only" id={id}>
    {children}
  </span>
)
