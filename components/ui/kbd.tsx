'use client'
import { keyWords, useMac } from './use-mac.ts'

/** A key hint; `mod+` becomes ⌘ or Ctrl. Desktop only; screen readers get `aria-keyshortcuts`. */
export const Kbd = ({ children }: { children: string }) => (
  <span
    dir="ltr"
    aria-hidden="true"
    className="hidden h-4.5 min-w-4.5 items-center justify-center rounded-xs border border-strong px-1 font-sans text-micro text-3 in-[.on-accent]:border-current/40 in-[.on-accent]:text-on-accent sm:inline-flex"
  >
    {keyWords(children, useMac())}
  </span>
)
