'use client'
import { Dialog } from '@base-ui/react/dialog'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { popupClass, scrimClass } from '#components/ui/popup-class.ts'
import type { Entry } from './entries.ts'
import { PaletteList } from './palette-list.tsx'

interface PaletteDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  onChoose: (entry: Entry) => void
}

export function PaletteDialog({ open, onOpenChange, onChoose }: PaletteDialogProps) {
  const t = useTranslations('palette')
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={scrimClass} />
        <Dialog.Popup
          className={cn(
            popupClass,
            'fixed inset-x-3 top-[12dvh] z-50 mx-auto flex max-h-[min(32rem,76dvh)] max-w-[600px] flex-col',
          )}
        >
          <Dialog.Title className="sr-only">{t('open')}</Dialog.Title>
          <PaletteList onChoose={onChoose} />
          <Dialog.Close className="sr-only">{t('close')}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
