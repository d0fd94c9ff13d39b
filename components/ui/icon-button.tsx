'use client'
import type { ReactNode } from 'react'
import { Button, type ButtonProps } from './button.tsx'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'busyLabel'> {
  /** Accessible name, also shown as a tooltip. */
  label: string
  /** A 16 px icon. */
  children: ReactNode
}

export function IconButton({ label, children, variant = 'ghost', reason, ...rest }: IconButtonProps) {
  const button = <Button {...rest} variant={variant} reason={reason} icon={children} aria-label={label} />
  if (rest.disabled) return button
  return <Tooltip content={label}>{button}</Tooltip>
}
