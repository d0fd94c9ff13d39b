import { useTranslations } from 'use-intl'
import { daysUntil } from '#components/jobs/suffix.ts'
import { cn } from '#components/ui/cn.ts'
import { useFormat } from '#components/ui/use-format.ts'

/** Number of days below which the date becomes a warning. */
const SOON = 90

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
    <span title={t('until', { date })} className={cn(left < SOON && 'text-warn')}>
      {count(left)}
    </span>
  )
}
