'use client'
import { cloneElement, type ReactElement, type ReactNode } from 'react'
import { lazily } from './lazily.tsx'
import { useModal } from './use-modal.ts'

export interface DialogProps {
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** Buttons, with the primary button last. */
  footer?: ReactNode
  /** A button that opens the dialog; or control it with `open`. */
  trigger?: ReactElement<Record<string, unknown>>
  open?: boolean
  onOpenChange?: (open: boolean) => void
  width?: 'md' | 'lg' | 'xl'
}

const DialogPopup = lazily(() => import('./dialog-popup.tsx').then((module) => module.DialogPopup))

/** A modal question or form over the page. */
export function Dialog({ trigger, open, onOpenChange, ...popup }: DialogProps) {
  const modal = useModal({ open, onOpenChange })
  return (
    <>
      {trigger && cloneElement(trigger, modal.trigger)}
      {modal.dialog && <DialogPopup {...popup} {...modal.dialog} />}
    </>
  )
}
