'use client'
import { useMemo } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { type Format, formatIn } from './format.ts'

/** Figures in the digits and units of the page's language. */
export function useFormat(): Format {
  const locale = useLocale()
  const unit = useTranslations('language.units')
  return useMemo(() => formatIn(locale, unit), [locale, unit])
}
