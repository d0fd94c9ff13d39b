'use client'
import { Toast as Base } from '@base-ui/react/toast'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'

export interface ToastMessage {
  text: string
  /** Reverts the action; shown as Undo. */
  undo?: () => void
  /** A single action other than Undo. */
  action?: { label: string; onPress: () => void }
}

/** Only for undo and for success out of view. An error is shown where it happened. */
export function useToast() {
  const { add, close } = Base.useToastManager()
  const t = useTranslations('ui')
  return ({ text, undo, action }: ToastMessage) => {
    const button = undo ? { label: t('undo'), onPress: undo } : action
    const id = add({
      title: text,
      timeout: button ? 10_000 : 5_000,
      actionProps: button && {
        children: button.label,
        onClick: () => {
          button.onPress()
          close(id)
        },
      },
    })
    return id
  }
}

const placed =
  'absolute inset-x-0 bottom-0 mx-auto flex w-fit max-w-full items-center gap-3 py-2 ps-3.5 pe-2 translate-y-[calc(var(--toast-index)*-8px)] data-expanded:translate-y-[calc(var(--toast-offset-y)*-1-var(--toast-index)*8px)] data-behind:not-data-expanded:opacity-0 data-limited:opacity-0'

function Toasts() {
  const { toasts } = Base.useToastManager()
  const t = useTranslations('ui')
  return toasts.map((toast) => (
    <Base.Root key={toast.id} toast={toast} swipeDirection={['down']} className={cn(popupClass, placed)}>
      <Base.Content className="contents">
        <Base.Title render={<p />} className="min-w-0 flex-1 py-1 text-body" />
        <Base.Action render={<Button variant="ghost" size="sm" className="text-accent!" />} />
        <Base.Close
          aria-hidden={false}
          render={
            <Button variant="ghost" size="sm" aria-label={t('close')} icon={<X size={14} aria-hidden />} />
          }
        />
      </Base.Content>
    </Base.Root>
  ))
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useTranslations('ui')
  return (
    <Base.Provider limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport
          aria-label={t('notifications')}
          className="fixed inset-x-3 bottom-[calc(16px+var(--tabbar)+var(--actionbar))] z-50 mx-auto max-w-[440px]"
        >
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}
