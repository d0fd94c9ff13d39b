'use client'
import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'

export interface PopoverProps {
  trigger: ReactElement<Record<string, unknown>>
  /** Its accessible name; shown as a heading unless `hideTitle`. */
  title: string
  hideTitle?: boolean
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'inline-start' | 'inline-end'
  open?: boolean
  onOpenChange?: (open: boolean) => void
  className?: string
}

export const Popover = (props: PopoverProps) => (
  <Base.Root open={props.open} onOpenChange={props.onOpenChange && ((next) => props.onOpenChange?.(next))}>
    <Base.Trigger render={props.trigger} />
    <Base.Portal>
      <Base.Positioner
        align={props.align ?? 'start'}
        side={props.side ?? 'bottom'}
        sideOffset={6}
        collisionPadding={8}
        className="z-50"
      >
        <Base.Popup className={cn(popupClass, 'w-80 max-w-(--available-width) p-4', props.className)}>
          <Base.Title className={props.hideTitle ? 'sr-only' : 'mb-2 font-semibold text-body'}>
            {props.title}
          </Base.Title>
          {props.children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)
