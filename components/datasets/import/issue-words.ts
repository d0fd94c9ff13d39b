import { useTranslations } from 'use-intl'
import type { Refusal } from '#lib/datasets/schema.ts'

/** Explains why a record cannot become a row. */
export function useProblemWords() {
  const t = useTranslations('imports.problems')
  return ({ problem, values }: Omit<Refusal, 'line'>): string => {
    const known = problem as 'not-json'
    return t.has(known) ? t(known, values) : t('other', { problem })
  }
}
