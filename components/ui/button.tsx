'use client'
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts'
import { cn } from './cn.ts'
import { Kbd } from './kbd.tsx'
import { Tooltip } from './tooltip.tsx'

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  /** Work is in progress: presses are ignored; the label may change, the width does not. */
  busy?: boolean
  busyLabel?: ReactNode
  /** Why the button is disabled. With a reason, the button stays focusable and shows it. */
  reason?: ReactNode
  /** A key hint to show; the page binds the key itself. */
  hotkey?: string
}

const swallow = (event: MouseEvent) => {
  event.preventDefault()
  event.stopPropagation()
}

/** Both labels share one grid cell, so the wider one sets the width. */
function Words({ children, busy, busyLabel }: Pick<ButtonProps, 'children' | 'busy' | 'busyLabel'>) {
  if (busyLabel === undefined) return children
  return (
    <span className="grid *:col-start-1 *:row-start-1">
      <span className={cn(busy && 'invisible')}>{children}</span>
      <span className={cn(!busy && 'invisible')}>{busyLabel}</span>
    </span>
  )
}

export function Button({
  variant,
  size,
  icon,
  busy,
  busyLabel,
  reason,
  hotkey,
  disabled,
  className,
  children,
  ...rest
}: ButtonProps) {
  const reasonId = useId()
  const explained = disabled && reason !== undefined
  const inert = explained || busy
  const button = (
    <button
      type="button"
      {...rest}
      className={cn(
        buttonClass({ variant, size, square: icon !== undefined && children === undefined }),
        className,
      )}
      disabled={disabled && !explained}
      aria-disabled={explained || undefined}
      aria-busy={busy || undefined}
      aria-describedby={explained ? reasonId : rest['aria-describedby']}
      onClick={inert ? swallow : rest.onClick}
    >
      {icon}
      <Words busy={busy} busyLabel={busyLabel}>
        {children}
      </Words>
      {hotkey && <Kbd>{hotkey}</Kbd>}
    </button>
  )
  if (!explained) return button
  return (
    <>
      <Tooltip content={reason}>{button}</Tooltip>
      <span id={reasonId} className="sr-only">
        {reason}
      </span>
    </>
  )
}
