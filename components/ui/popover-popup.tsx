'use client'
import { Popover as Base } from '@base-ui/react/popover'
import { cn } from './cn.ts'
import type { PopoverProps } from './popover.tsx'
import { popupClass } from './popup-class.ts'

type PopoverPopupProps = Omit<PopoverProps, 'trigger'> & {
  align?: 'start' | 'end'
  className?: string
}

export const PopoverPopup = ({ label, align = 'end', className, children }: PopoverPopupProps) => (
  <Base.Portal>
    <Base.Positioner align={align} sideOffset={4} collisionPadding={8} className="z-50">
      <Base.Popup aria-label={label} className={cn(popupClass, 'p-4', className)}>
        {children}
      </Base.Popup>
    </Base.Positioner>
  </Base.Portal>
)
