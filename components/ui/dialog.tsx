'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import X from 'lucide-react/icons/x'
import type { ReactElement, ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'

export interface DialogProps {
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  /** Buttons, the primary last. */
  footer?: ReactNode
  /** A button that opens it; or control it with `open`. */
  trigger?: ReactElement<Record<string, unknown>>
  open?: boolean
  onOpenChange?: (open: boolean) => void
  width?: 'md' | 'lg' | 'xl'
}

/** Above the middle, and no taller than leaves its head on the screen. */
const raised = 'sm:top-[42%] sm:max-h-[calc(84dvh-24px)]'

/** A wide one holds a page's worth, so it stands in the middle. */
const widths = {
  md: `max-w-[480px] ${raised}`,
  lg: `max-w-[720px] ${raised}`,
  xl: 'max-w-[1120px]',
}

export const scrimClass = 'fades fixed inset-0 z-40 bg-scrim'

/** A question or a form over the page, which waits. */
export function Dialog(props: DialogProps) {
  const { title, description, children, footer, trigger, open, onOpenChange, width = 'md' } = props
  const t = useTranslations('ui')
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={scrimClass} />
        <Base.Popup
          className={cn(
            popupClass,
            'fixed inset-x-3 top-1/2 z-50 mx-auto flex max-h-[calc(100dvh-24px)] -translate-y-1/2 flex-col rounded-lg',
            widths[width],
          )}
        >
          <header className="flex items-start gap-3 border-b py-3 ps-5 pe-3">
            <div className="min-w-0 flex-1 py-1">
              <Base.Title className="text-section">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-2">{description}</Base.Description>}
            </div>
            <Base.Close
              render={<Button variant="ghost" aria-label={t('close')} icon={<X size={16} aria-hidden />} />}
            />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
