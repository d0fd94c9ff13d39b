'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import X from 'lucide-react/icons/x'
import { type ReactElement, type ReactNode, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'

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

/** Above the vertical centre, and short enough that its head stays on screen. */
const raised = 'sm:top-[42%] sm:max-h-[calc(84dvh-24px)]'

/** A wide dialog holds a page of content, so it is centred. */
const widths = {
  md: `max-w-[480px] ${raised}`,
  lg: `max-w-[720px] ${raised}`,
  xl: 'max-w-[1120px]',
}

export const scrimClass = 'fades fixed inset-0 z-40 bg-scrim'

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

/** A modal question or form over the page. */
export function Dialog(props: DialogProps) {
  const { title, description, children, footer, trigger, open, onOpenChange, width = 'md' } = props
  const t = useTranslations('ui')
  const body = useRef<HTMLDivElement>(null)
  const foot = useRef<HTMLElement>(null)
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      {trigger && <Base.Trigger render={trigger} />}
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
