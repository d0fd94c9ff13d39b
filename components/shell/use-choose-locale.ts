'use client'
import { useRouter } from 'next/navigation'
import { localeCookie } from '#lib/i18n/choose-locale.ts'
import type { Locale } from '#lib/i18n/locale.ts'

/** Keeps a choice in a cookie and asks for this page again in it; what is written in fields stays. */
export function useChooseLocale(): (locale: Locale) => void {
  const router = useRouter()
  return (locale) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers of 2024
    document.cookie = localeCookie(locale)
    router.refresh()
  }
}
