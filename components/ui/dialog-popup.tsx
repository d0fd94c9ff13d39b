'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import X from 'lucide-react/icons/x'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import type { DialogProps } from './dialog.tsx'
import { popupClass, scrimClass } from './popup-class.ts'

/** Above the vertical centre, and short enough that its head stays on screen. */
const raised = 'sm:top-[42%] sm:max-h-[calc(84dvh-24px)]'

/** A wide dialog holds a page of content, so it is centred. */
const widths = {
  md: `max-w-[480px] ${raised}`,
  lg: `max-w-[720px] ${raised}`,
  xl: 'max-w-[1120px]',
}

/** Text fields and selects; in a radio group, the checked option. */
const FIELDS =
  'input:not([type=hidden], [type=file], [tabindex="-1"], :disabled), textarea:not(:disabled), [role=combobox]:not(:disabled), [role=radio][aria-checked=true]'
const BUTTONS = 'button:not(:disabled), a[href]'

/** Initial focus: the first field, else the first control that does not close the dialog. */
function beginning(body: HTMLElement | null, foot: HTMLElement | null): HTMLElement | null {
  const shown = (within: HTMLElement | null, selector: string) =>
    [...(within?.querySelectorAll<HTMLElement>(selector) ?? [])].find((one) => one.checkVisibility())
  return shown(body, FIELDS) ?? shown(body, BUTTONS) ?? shown(foot, BUTTONS) ?? null
}

interface DialogPopupProps extends Omit<DialogProps, 'trigger'> {
  open: boolean
  onOpenChange: (open: boolean) => void
}

export function DialogPopup(props: DialogPopupProps) {
  const { title, description, children, footer, open, onOpenChange, width = 'md' } = props
  const t = useTranslations('ui')
  const body = useRef<HTMLDivElement>(null)
  const foot = useRef<HTMLElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={scrimClass} />
        <Base.Popup
          // On touch, focusing a field would open the keyboard before the user has read the question.
          initialFocus={(how) => (how === 'touch' ? true : beginning(body.current, foot.current))}
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
          {children && (
            <div ref={body} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
              {children}
            </div>
          )}
          {footer && (
            <footer
              ref={foot}
              className={cn('flex flex-wrap justify-end gap-2 px-5 py-3', Boolean(children) && 'border-t')}
            >
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
