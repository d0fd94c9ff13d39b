'use client'
import { TooltipRoot } from '@base-ui/parts/tooltip/root/TooltipRoot.mjs'
import { TooltipTrigger } from '@base-ui/parts/tooltip/trigger/TooltipTrigger.mjs'
import type { ReactElement, ReactNode } from 'react'
import { lazily } from './lazily.tsx'
import { useIntent } from './use-intent.ts'

export interface TooltipProps {
  content: ReactNode
  /** One focusable element; it receives the handlers and keeps its accessible name. */
  children: ReactElement<Record<string, unknown>>
  side?: 'top' | 'bottom' | 'inline-start' | 'inline-end'
}

const TooltipPopup = lazily(() => import('./tooltip-popup.tsx').then((module) => module.TooltipPopup))

/** A sentence beside a focusable element. It repeats or explains; no information exists only in a tooltip. */
export function Tooltip({ children, ...popup }: TooltipProps) {
  const intent = useIntent(TooltipPopup, false)
  return (
    <TooltipRoot {...intent.root}>
      <TooltipTrigger render={children} delay={400} closeOnClick={false} {...intent.trigger} />
      {intent.isLoaded && <TooltipPopup {...popup} />}
    </TooltipRoot>
  )
}
