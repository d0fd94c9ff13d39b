'use client'
import { useTranslations } from 'use-intl'
import { isForeignSample } from '#lib/domain/domain.ts'

/** Says of a shipped dataset that the built-in base has not learnt its language. */
export function ForeignSample({ sample, className }: { sample: string | null; className?: string }) {
  const t = useTranslations('language')
  return isForeignSample(sample) ? <p className={className}>{t('foreignSample')}</p> : null
}
