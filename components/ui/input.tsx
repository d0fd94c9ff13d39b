'use client'
import { Input as Base } from '@base-ui/react/input'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

export interface InputProps extends Omit<ComponentProps<typeof Base>, 'className' | 'size'> {
  size?: 'md' | 'sm'
  /** Shown inside the box, before and after the text. */
  leading?: ReactNode
  trailing?: ReactNode
  mono?: boolean
  className?: string
}

/** One line of text. `onValueChange(value)` receives the string. */
export function Input({ size = 'md', leading, trailing, mono, className, ...rest }: InputProps) {
  return (
    <div
      className={cn(
        'field-box flex min-w-0 items-center gap-2 px-2.5 has-disabled:text-disabled [&_svg]:shrink-0 [&_svg]:text-3',
        size === 'md' ? 'h-9 sm:h-8' : 'h-8 sm:h-7',
        className,
      )}
    >
      {leading}
      <Base
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        {...rest}
        className={cn('h-full min-w-0 flex-1 bg-transparent outline-none', mono && 'font-mono text-meta')}
      />
      {trailing}
    </div>
  )
}
