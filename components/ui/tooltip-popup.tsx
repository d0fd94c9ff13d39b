'use client'
import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { TooltipProps } from './tooltip.tsx'

export const TooltipPopup = ({ content, side = 'top' }: Omit<TooltipProps, 'children'>) => (
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
)
