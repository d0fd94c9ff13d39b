import { useTranslations } from 'use-intl'
import { daysUntil } from '#components/jobs/suffix.ts'
import { cn } from '#components/ui/cn.ts'
import { count } from '#components/ui/format.ts'

/** Days below which a date is a warning. */
const SOON = 90

interface DaysLeftProps {
  /** YYYY-MM-DD, or null where no end is known. */
  date: string | null
  /** ms */
  now: number
}

/** Days until a model is switched off; the date itself on hover. */
export function DaysLeft({ date, now }: DaysLeftProps) {
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
