'use client'
import { Fragment, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

export interface ErrorStateProps {
  /** What happened, with its numbers. */
  title: ReactNode
  /** What it means and what to do. */
  children?: ReactNode
  /** Code, parameter and request id, for a search or a report. */
  facts?: readonly (string | null | undefined)[]
  onRetry?: () => void
  retrying?: boolean
  actions?: ReactNode
  className?: string
}

/** Shown where the error happened; announced once. */
export function ErrorState({
  title,
  children,
  facts = [],
  onRetry,
  retrying,
  actions,
  className,
}: ErrorStateProps) {
  const t = useTranslations('ui')
  const known = facts.filter(Boolean)
  return (
    <div
      role="alert"
      className={cn(
        'grid w-full gap-1 rounded-e-md border-bad border-s-2 bg-bad-soft px-3.5 py-2.5',
        className,
      )}
    >
      <p className="font-medium">{title}</p>
      {children && <div className="text-2">{children}</div>}
      {known.length > 0 && (
        <p className="wrap-anywhere font-mono text-3 text-meta">
          {known.map((fact, index) => (
            <Fragment key={fact}>
              {index > 0 && ' · '}
              <bdi>{fact}</bdi>
            </Fragment>
          ))}
        </p>
      )}
      {(onRetry || actions) && (
        <div className="mt-1 flex flex-wrap gap-2">
          {onRetry && (
            <Button size="sm" onClick={onRetry} busy={retrying}>
              {t('retry')}
            </Button>
          )}
          {actions}
        </div>
      )}
    </div>
  )
}
