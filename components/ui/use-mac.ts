'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => undefined

const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform)

/** Whether this browser's keyboard has ⌘ instead of Ctrl; the server renders Ctrl. */
export const useMac = (): boolean => useSyncExternalStore(never, isMac, () => false)

/** A hint with the key names of this keyboard: `mod+↵` is `⌘↵` or `Ctrl ↵`. */
export const keyWords = (hint: string, mac: boolean): string => hint.replace(/^mod\+/, mac ? '⌘' : 'Ctrl ')
