import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { Interval } from '#lib/core/interval-schema.ts'
import type { JobScore } from '#lib/jobs/schema.ts'

/** 95 % interval; a mean without a known interval may be anything. */
export const intervalOf = ({ mean, interval, meanInterval }: JobScore): Interval =>
  mean === null ? interval : (meanInterval ?? { low: 0, high: 1 })

/** `9/10` or `mean 0.71`, with `60–98 %` or `0.62–0.80`: always shown together. */
export function useScoreWords(): (score: JobScore) => { level: string; interval: string } {
  const { fixed, points } = useFormat()
  const t = useTranslations('scores')
  return useCallback(
    (score) => {
      const { mean, passed, n } = score
      const { low, high } = intervalOf(score)
      return mean === null
        ? {
            level: t('passed', { passed, n }),
            interval: t('percents', { low: points(low), high: points(high) }),
          }
        : {
            level: t('mean', { mean: fixed(mean) }),
            interval: t('range', { low: fixed(low), high: fixed(high) }),
          }
    },
    [t, fixed, points],
  )
}
