import { useTranslations } from 'use-intl'
import { daysUntil } from '#components/jobs/suffix.ts'
import { urgencyOf } from '#components/ui/urgency.ts'
import { useFormat } from '#components/ui/use-format.ts'

interface DaysLeftProps {
  /** YYYY-MM-DD, or null if no shutdown is announced. */
  date: string | null
  /** ms */
  now: number
}

/** Days until the shutdown of a model; the exact date on hover. */
export function DaysLeft({ date, now }: DaysLeftProps) {
  const { count } = useFormat()
  const t = useTranslations('models.table')
  if (date === null) return <span className="text-3">–</span>
  const left = daysUntil(date, now)
  if (left <= 0) return <span className="text-bad">{t('gone', { date })}</span>
  return (
    <span title={t('until', { date })} className={urgencyOf(left)}>
      {count(left)}
    </span>
  )
}
