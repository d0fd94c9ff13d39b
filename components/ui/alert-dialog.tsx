'use client'
import { cloneElement, type ReactElement, type ReactNode } from 'react'
import { lazily } from './lazily.tsx'
import { useModal } from './use-modal.ts'

export interface AlertDialogProps {
  title: ReactNode
  /** States what will be deleted and what is kept. */
  description: ReactNode
  /** A verb and its object: "Cancel job", not "OK". */
  confirmLabel: string
  /** Set it if "Cancel" could mean the action itself: "Keep training". */
  closeLabel?: string
  onConfirm: () => void
  busy?: boolean
  /** There is nothing to confirm. */
  disabled?: boolean
  tone?: 'danger' | 'primary'
  /** Content between the text and the buttons, such as an ErrorState. */
  children?: ReactNode
  trigger?: ReactElement<Record<string, unknown>>
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

const AlertDialogPopup = lazily(() =>
  import('./alert-dialog-popup.tsx').then((module) => module.AlertDialogPopup),
)

/** Only for actions that cannot be undone; every other action runs at once and offers Undo. */
export function AlertDialog({ trigger, open, onOpenChange, ...popup }: AlertDialogProps) {
  const modal = useModal({ open, onOpenChange })
  return (
    <>
      {trigger && cloneElement(trigger, modal.trigger)}
      {modal.dialog && <AlertDialogPopup {...popup} {...modal.dialog} />}
    </>
  )
}
