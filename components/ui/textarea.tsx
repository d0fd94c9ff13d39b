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

/** Characters from which on a field no longer grows with its text: a browser would lay out all of it at every key. */
const LONG = 16_384
const LONG_ROWS = 14

export const isLong = (text: string): boolean => text.length > LONG

/** Grows with what is in it, from `rows` lines (1) up to its `max-height`; a long text scrolls in a box of its own. */
export function Textarea({ onValueChange, bare, mono, rows = 1, className, ...rest }: TextareaProps) {
  const long = typeof rest.value === 'string' && isLong(rest.value)
  return (
    <Field.Control
      onValueChange={onValueChange && ((value) => onValueChange(value))}
      render={
        <textarea
          dir="auto"
          rows={long ? LONG_ROWS : rows}
          {...rest}
          className={cn(
            'block w-full resize-none px-2.5 py-1.5',
            !long && 'field-sizing-content',
            bare
              ? 'rounded-md border border-transparent bg-transparent hover:border-line-strong'
              : 'field-box',
            mono ? 'font-mono text-meta' : 'text-read',
            className,
            // Wrapping it and working out its text direction again would take seconds at every key.
            long && '[unicode-bidi:isolate]! whitespace-pre!',
          )}
        />
      }
      {...(rest.value !== undefined && { value: rest.value as string })}
    />
  )
}
