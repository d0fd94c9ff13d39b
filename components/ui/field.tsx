'use client'
import { Field as Base } from '@base-ui/react/field'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'
import { type TermName, Terms } from './terms.tsx'

export interface FieldProps {
  label: ReactNode
  /** Exactly one control of this kit; label, hint and error are attached to it. */
  children: ReactNode
  hint?: ReactNode
  /** Terms to explain behind the label. */
  terms?: readonly TermName[]
  /** A sentence with the position of the error and what to do. */
  error?: ReactNode
  optional?: boolean
  /** `row` puts the label in a separate column, as in a form panel. */
  layout?: 'stack' | 'row'
  /** Shows the label to screen readers only. */
  hideLabel?: boolean
  className?: string
}

const layouts = {
  stack: 'flex flex-col gap-1.5',
  row: 'grid gap-x-4 gap-y-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]',
}

export function Field(props: FieldProps) {
  const { label, children, hint, terms, error, optional, layout = 'stack', hideLabel, className } = props
  const t = useTranslations('ui')
  return (
    <Base.Root invalid={Boolean(error)} className={cn('min-w-0', layouts[layout], className)}>
      <span className={hideLabel ? 'sr-only' : cn('font-medium', layout === 'row' && 'sm:pt-1.5')}>
        <Base.Label>
          {label}
          {optional && <span className="ms-1.5 font-normal text-3">{t('optional')}</span>}
        </Base.Label>
        {terms && (
          <span className="ms-1.5">
            <Terms of={terms} />
          </span>
        )}
      </span>
      <div className={cn('flex min-w-0 flex-col gap-1', layout === 'row' && hideLabel && 'sm:col-start-2')}>
        {children}
        {hint && <Base.Description className="text-3 text-meta">{hint}</Base.Description>}
        {error && (
          <Base.Error match className="text-bad text-meta">
            {error}
          </Base.Error>
        )}
      </div>
    </Base.Root>
  )
}
