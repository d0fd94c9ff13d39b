'use client'
import { PopoverRoot } from '@base-ui/parts/popover/root/PopoverRoot.mjs'
import { PopoverTrigger } from '@base-ui/parts/popover/trigger/PopoverTrigger.mjs'
import type { ReactElement, ReactNode } from 'react'
import { lazily } from './lazily.tsx'
import { useIntent } from './use-intent.ts'

export interface PopoverProps {
  /** A button with an accessible name. */
  trigger: ReactElement<Record<string, unknown>>
  label: string
  children: ReactNode
}

export const PopoverPopup = lazily(() => import('./popover-popup.tsx').then((module) => module.PopoverPopup))

/** A few fields beside the button that opens them. */
export function Popover({ trigger, label, children }: PopoverProps) {
  const intent = useIntent(PopoverPopup)
  return (
    <PopoverRoot {...intent.root}>
      <PopoverTrigger render={trigger} {...intent.trigger} />
      {intent.isLoaded && (
        <PopoverPopup label={label} className="w-72">
          {children}
        </PopoverPopup>
      )}
    </PopoverRoot>
  )
}
