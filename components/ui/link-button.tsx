import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts'
import { cn } from './cn.ts'
import { Kbd } from './kbd.tsx'
import { Opening } from './opening.tsx'

export interface LinkButtonProps extends ComponentProps<typeof Link> {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  hotkey?: string
}

/** A link that looks like a button. */
export const LinkButton = ({
  variant,
  size,
  icon,
  hotkey,
  className,
  children,
  ...rest
}: LinkButtonProps) => (
  <Link
    {...rest}
    className={cn('relative', buttonClass({ variant, size, square: children === undefined }), className)}
  >
    {icon}
    {children}
    {hotkey && <Kbd>{hotkey}</Kbd>}
    <Opening />
  </Link>
)
