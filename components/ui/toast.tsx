'use client'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { lazily } from './lazily.tsx'

const Toaster = lazily(() => import('./toaster.tsx').then((module) => module.Toaster))

export interface ToastMessage {
  text: string
  /** Reverts the action; shown as Undo. */
  undo?: () => void
  /** A single action other than Undo. */
  action?: { label: string; onPress: () => void }
}

const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined)

/** Only for undo and for success out of view. An error is shown where it happened. */
export const useToast = () => useContext(ToastContext)

/** Loads the toasts with the first message. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly ToastMessage[]>([])
  const add = useCallback((message: ToastMessage) => setMessages((before) => [...before, message]), [])
  return (
    <ToastContext value={add}>
      {children}
      {messages.length > 0 && <Toaster messages={messages} />}
    </ToastContext>
  )
}
