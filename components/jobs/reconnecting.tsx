'use client'
import { useTranslations } from 'use-intl'
import { State } from '#components/ui/state.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Live } from './use-live.ts'

/** Shown while the data on screen may be outdated. */
export function Reconnecting({ lostSince }: Live) {
  const t = useTranslations('jobs')
  if (lostSince === null) return null
  return (
    <State kind="half" tone="warn" quiet>
      {t('reconnecting')} <Time at={lostSince} as="clock" />
    </State>
  )
}
