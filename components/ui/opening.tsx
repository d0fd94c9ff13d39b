'use client'
import { useLinkStatus } from 'next/link'
import { useTranslations } from 'use-intl'

/** Inside a link: shows that the target page is loading, if that takes longer than a moment. */
export function Opening() {
  const t = useTranslations('shell')
  const { pending } = useLinkStatus()
  if (!pending) return null
  return (
    <span role="status" className="appear-late absolute end-1 top-1">
      <span aria-hidden className="pulse-slow block size-1.5 rounded-full bg-current" />
      <span className="sr-only">{t('opening')}</span>
    </span>
  )
}
