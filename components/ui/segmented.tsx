'use client'
import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface SegmentedProps<Value extends string> {
  /** Accessible name of what the control switches. */
  label: string
  value: Value
  onValueChange: (value: Value) => void
  options: readonly { value: Value; label: ReactNode; icon?: ReactNode }[]
  disabled?: boolean
  className?: string
}

/** Switches between views of the same data. For different content, use Tabs. */
export const Segmented = <Value extends string>(props: SegmentedProps<Value>) => (
  <ToggleGroup
    aria-label={props.label}
    disabled={props.disabled}
    value={[props.value]}
    onValueChange={([next]) => next !== undefined && props.onValueChange(next as Value)}
    className={cn('inline-flex shrink-0 gap-0.5 rounded-md bg-base-soft p-0.5', props.className)}
  >
    {props.options.map((option) => (
      <Toggle
        key={option.value}
        value={option.value}
        className="inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-sm px-2.5 font-medium text-3 text-meta hover:text-1 data-disabled:text-disabled! data-pressed:bg-surface data-pressed:text-1 data-pressed:ring-1 data-pressed:ring-line-strong sm:h-6"
      >
        {option.icon}
        {option.label}
      </Toggle>
    ))}
  </ToggleGroup>
)
