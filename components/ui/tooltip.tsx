'use client'
import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

export interface TooltipProps {
  content: ReactNode
  /** One focusable element; it receives the handlers and keeps its accessible name. */
  children: ReactElement<Record<string, unknown>>
  side?: 'top' | 'bottom' | 'inline-start' | 'inline-end'
}

/** A sentence beside a focusable element. It repeats or explains; no information exists only in a tooltip. */
export function Tooltip({ content, children, side = 'top' }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={400} closeOnClick={false} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            data-tooltip=""
            className="fades max-w-72 rounded-md bg-overlay px-2.5 py-1.5 text-1 text-meta shadow-popover"
          >
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
