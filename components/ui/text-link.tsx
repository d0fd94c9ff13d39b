import Link from 'next/link'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** A link inside a table or a sentence. */
export const TextLink = ({ className, ...rest }: ComponentProps<typeof Link>) => (
  <Link
    {...rest}
    className={cn('rounded-xs font-medium text-accent underline-offset-2 hover:underline', className)}
  />
)
