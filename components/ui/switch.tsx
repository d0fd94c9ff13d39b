'use client'
import { Switch as Base } from '@base-ui/react/switch'
import type { ReactNode } from 'react'

export interface SwitchProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  children?: ReactNode
  'aria-label'?: string
  disabled?: boolean
}

/** On or off, at once; what waits for a Save is a Checkbox. */
export function Switch({ children, onCheckedChange, ...rest }: SwitchProps) {
  const track = (
    <Base.Root
      {...rest}
      onCheckedChange={(checked) => onCheckedChange(checked)}
      className="inline-flex h-4.5 w-8 shrink-0 items-center rounded-full border border-field bg-sunken p-0.5 transition-colors duration-100 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
    >
      <Base.Thumb className="size-3 rounded-full bg-axis transition-transform duration-100 data-checked:translate-x-3.5 data-checked:bg-on-accent rtl:data-checked:-translate-x-3.5" />
    </Base.Root>
  )
  if (children === undefined) return track
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control
    <label className="inline-flex min-h-6 items-center gap-2">
      {track}
      <span>{children}</span>
    </label>
  )
}
