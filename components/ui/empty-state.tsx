import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { Logo } from './logo.tsx'

/** One sentence about what will appear here, one primary action, optionally a second. */
export const EmptyState = ({
  children,
  actions,
  className,
}: {
  children: ReactNode
  actions?: ReactNode
  className?: string
}) => (
  <div className={cn('grid justify-items-start gap-3 px-6 py-7', className)}>
    <Logo size={28} quiet />
    <p className="max-w-[60ch]">{children}</p>
    {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
  </div>
)
