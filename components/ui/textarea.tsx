'use client'
import { Field } from '@base-ui/react/field'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export interface TextareaProps extends Omit<ComponentProps<'textarea'>, 'onChange'> {
  onValueChange?: (value: string) => void
  /** Without a border, for text that is edited in place. */
  bare?: boolean
  mono?: boolean
}

/** Grows with what is in it, from `rows` lines (1) up to its `max-height`. */
export function Textarea({ onValueChange, bare, mono, rows = 1, className, ...rest }: TextareaProps) {
  return (
    <Field.Control
      onValueChange={onValueChange && ((value) => onValueChange(value))}
      render={
        <textarea
          dir="auto"
          rows={rows}
          {...rest}
          className={cn(
            'field-sizing-content block w-full resize-none px-2.5 py-1.5',
            bare
              ? 'rounded-md border border-transparent bg-transparent hover:border-line-strong'
              : 'field-box',
            mono ? 'font-mono text-meta' : 'text-read',
            className,
          )}
        />
      }
      {...(rest.value !== undefined && { value: rest.value as string })}
    />
  )
}
