import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { fixed } from '#components/ui/format.ts'
import type { Interval } from '#lib/core/interval.ts'
import type { Score } from '#lib/evals/schema.ts'

/** 95 % interval; a mean without a known interval may be anything. */
export const intervalOf = ({ mean, interval, meanInterval }: Score): Interval =>
  mean === null ? interval : (meanInterval ?? { low: 0, high: 1 })

/** `< 0.001` or `= 0.04`: the probability of such a difference by chance. */
export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : `= ${fixed(p, p < 0.01 ? 3 : 2)}`)

const whole = (share: number): string => fixed(share * 100, 0)

/** `9/10` or `mean 0.71`, with `60–98 %` or `0.62–0.80`: always shown together. */
export function useScoreWords(): (score: Score) => { level: string; interval: string } {
  const t = useTranslations('scores')
  return useCallback(
    (score) => {
      const { mean, passed, n } = score
      const { low, high } = intervalOf(score)
      return mean === null
        ? {
            level: t('passed', { passed, n }),
            interval: t('percents', { low: whole(low), high: whole(high) }),
          }
        : {
            level: t('mean', { mean: fixed(mean) }),
            interval: t('range', { low: fixed(low), high: fixed(high) }),
          }
    },
    [t],
  )
}
