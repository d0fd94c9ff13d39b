'use client'
import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'

export interface PopoverProps {
  /** A button with an accessible name. */
  trigger: ReactElement<Record<string, unknown>>
  label: string
  children: ReactNode
}

/** A few fields beside the button that opens them. */
export const Popover = ({ trigger, label, children }: PopoverProps) => (
  <Base.Root>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner align="end" sideOffset={4} collisionPadding={8} className="z-40">
        <Base.Popup aria-label={label} className={cn(popupClass, 'w-72 p-4')}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)
