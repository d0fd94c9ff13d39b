'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => undefined

const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform)

/** Whether this browser's keyboard has ⌘ where others have Ctrl; the server's page says Ctrl. */
export const useMac = (): boolean => useSyncExternalStore(never, isMac, () => false)

/** A hint as this keyboard names its keys: `mod+↵` is `⌘↵` or `Ctrl ↵`. */
export const keyWords = (hint: string, mac: boolean): string => hint.replace(/^mod\+/, mac ? '⌘' : 'Ctrl ')
