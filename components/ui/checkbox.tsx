'use client'
import { Checkbox as Base } from '@base-ui/react/checkbox'
import Check from 'lucide-react/icons/check'
import Minus from 'lucide-react/icons/minus'
import type { ReactNode } from 'react'

export interface CheckboxProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  /** Its words; without them give `aria-label`. */
  children?: ReactNode
  'aria-label'?: string
  indeterminate?: boolean
  disabled?: boolean
  name?: string
}

export function Checkbox({ children, indeterminate, onCheckedChange, ...rest }: CheckboxProps) {
  const box = (
    <Base.Root
      {...rest}
      indeterminate={indeterminate}
      onCheckedChange={(checked) => onCheckedChange(checked)}
      className="grid size-3.5 shrink-0 place-items-center rounded-xs border border-field bg-surface text-on-accent data-checked:border-accent data-indeterminate:border-accent data-checked:bg-accent data-indeterminate:bg-accent data-disabled:opacity-50"
    >
      <Base.Indicator>
        {indeterminate ? (
          <Minus size={11} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={11} strokeWidth={3} aria-hidden />
        )}
      </Base.Indicator>
    </Base.Root>
  )
  if (children === undefined) return <span className="inline-grid size-6 place-items-center">{box}</span>
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box inside is its control
    <label className="inline-flex min-h-6 items-center gap-2">
      {box}
      <span>{children}</span>
    </label>
  )
}
