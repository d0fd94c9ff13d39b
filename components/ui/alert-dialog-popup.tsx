'use client'
import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { useTranslations } from 'use-intl'
import type { AlertDialogProps } from './alert-dialog.tsx'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { popupClass, scrimClass } from './popup-class.ts'

interface AlertDialogPopupProps extends Omit<AlertDialogProps, 'trigger'> {
  open: boolean
  onOpenChange: (open: boolean) => void
}

export function AlertDialogPopup(props: AlertDialogPopupProps) {
  const { title, description, confirmLabel, closeLabel, onConfirm, busy, disabled, tone = 'danger' } = props
  const { children, open, onOpenChange } = props
  const t = useTranslations('ui')
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
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
