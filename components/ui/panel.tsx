import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { type TermName, Terms } from './terms.tsx'

export interface PanelProps {
  children: ReactNode
  /** Names the region; PanelHead renders the visible title. */
  'aria-label'?: string
  'aria-labelledby'?: string
  className?: string
}

export const Panel = ({ children, className, ...rest }: PanelProps) => (
  <section {...rest} className={cn('min-w-0 rounded-lg border bg-surface', className)}>
    {children}
  </section>
)

export interface PanelHeadProps {
  title: ReactNode
  id?: string
  /** Terms to explain behind the title. */
  terms?: readonly TermName[]
  /** Secondary text after the title. */
  meta?: ReactNode
  /** Controls at the end: buttons, a segmented control, a state. */
  children?: ReactNode
}

export const PanelHead = ({ title, id, terms, meta, children }: PanelHeadProps) => (
  <header className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 border-b py-1.5 ps-4 pe-3">
    <h2 id={id} className="font-semibold text-body">
      {title}
    </h2>
    {terms && <Terms of={terms} />}
    {meta && <span className="min-w-0 text-3 text-meta">{meta}</span>}
    {children && <div className="ms-auto flex flex-wrap items-center justify-end gap-2">{children}</div>}
  </header>
)

export const PanelBody = ({ children, className }: { children: ReactNode; className?: string }) => (
  <div className={cn('px-4 py-3', className)}>{children}</div>
)
