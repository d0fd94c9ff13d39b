'use client'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export interface RadioCard<Value extends string> {
  value: Value
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
}

export interface RadioCardsProps<Value extends string> {
  label: string
  value: Value | null
  onValueChange: (value: Value) => void
  options: readonly RadioCard<Value>[]
  className?: string
}

/** A choice of one out of two to four, each with a line of facts. */
export const RadioCards = <Value extends string>(props: RadioCardsProps<Value>) => (
  <RadioGroup
    aria-label={props.label}
    value={props.value}
    onValueChange={(next) => props.onValueChange(next as Value)}
    className={cn('grid gap-2 sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))]', props.className)}
  >
    {props.options.map((option) => (
      // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is its control
      <label
        key={option.value}
        className="flex items-start gap-2.5 rounded-md border border-field bg-surface px-3 py-2.5 has-data-checked:border-accent has-data-disabled:border-line has-data-checked:bg-accent-soft has-data-disabled:text-3 has-data-checked:inset-ring-1 has-data-checked:inset-ring-accent"
      >
        <Radio.Root
          value={option.value}
          disabled={option.disabled}
          className="mt-0.5 size-3.5 shrink-0 rounded-full border border-field bg-surface data-checked:border-4 data-checked:border-accent data-disabled:opacity-50"
        />
        <span className="grid min-w-0">
          <span className="font-medium">{option.label}</span>
          {option.hint && <span className="text-2 text-meta">{option.hint}</span>}
        </span>
      </label>
    ))}
  </RadioGroup>
)
