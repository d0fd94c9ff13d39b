'use client'
import { Field } from '@base-ui/react/field'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export interface TextareaProps extends Omit<ComponentProps<'textarea'>, 'onChange'> {
  onValueChange?: (value: string) => void
  /** Without a border, for text edited in place. */
  bare?: boolean
  mono?: boolean
}

/** Characters above which a field stops growing with its text: a browser would lay out all of it at every keystroke. */
const LONG = 16_384
const LONG_ROWS = 14

export const isLong = (text: string): boolean => text.length > LONG

/** Grows with its text from `rows` lines (1) up to its `max-height`; a long text scrolls inside its box. */
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
            // Wrapping a long text and detecting its direction again would take seconds at every keystroke.
            long && '[unicode-bidi:isolate]! whitespace-pre!',
          )}
        />
      }
      {...(rest.value !== undefined && { value: rest.value as string })}
    />
  )
}
