'use client'
import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import type { ReactElement, ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { scrimClass } from './dialog.tsx'
import { popupClass } from './popup-class.ts'

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

/** Only for actions that cannot be undone; every other action runs at once and offers Undo. */
export function AlertDialog(props: AlertDialogProps) {
  const {
    title,
    description,
    confirmLabel,
    closeLabel,
    onConfirm,
    busy,
    disabled,
    tone = 'danger',
    children,
    trigger,
    open,
    onOpenChange,
  } = props
  const t = useTranslations('ui')
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={scrimClass} />
        <Base.Popup
          className={cn(
            popupClass,
            '-translate-y-1/2 fixed inset-x-3 top-1/2 z-50 mx-auto grid max-w-[440px] gap-2 p-5 sm:top-[42%]',
          )}
        >
          <Base.Title className="text-section">{title}</Base.Title>
          <Base.Description className="text-2">{description}</Base.Description>
          {children}
          <div className="mt-3 flex flex-wrap justify-end gap-2">
            <Base.Close render={<Button>{closeLabel ?? t('cancel')}</Button>} />
            <Button variant={tone} busy={busy} disabled={disabled} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
