'use client'
import { Toast as Base } from '@base-ui/react/toast'
import X from 'lucide-react/icons/x'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'
import type { ToastMessage } from './toast.tsx'

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

/** ms: a screen reader reads out what is added to a region that it has already met. */
const SETTLED = 100

interface ToasterProps {
  /** All so far, in order. */
  messages: readonly ToastMessage[]
}

function Feed({ messages }: ToasterProps) {
  const { add, close } = Base.useToastManager()
  const t = useTranslations('ui')
  const taken = useRef(0)
  const show = useEffectEvent(({ text, undo, action }: ToastMessage) => {
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
  })
  useEffect(() => {
    const showNew = () => {
      for (const message of messages.slice(taken.current)) show(message)
      taken.current = messages.length
    }
    const timer = setTimeout(showNew, taken.current === 0 ? SETTLED : 0)
    return () => clearTimeout(timer)
  }, [messages])
  return <Toasts />
}

export function Toaster({ messages }: ToasterProps) {
  const t = useTranslations('ui')
  return (
    <Base.Provider limit={3}>
      <Base.Portal>
        <Base.Viewport
          aria-label={t('notifications')}
          className="fixed inset-x-3 bottom-[calc(16px+var(--tabbar)+var(--actionbar))] z-50 mx-auto max-w-[440px]"
        >
          <Feed messages={messages} />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}
