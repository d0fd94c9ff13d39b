'use client'
import { useTranslations } from 'use-intl'
import { State } from '#components/ui/state.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

export interface DatasetStateProps {
  state: DatasetSummary['state']
  errors: number
  warnings?: number
  /** Rows are coming in or being rewritten. */
  busy?: boolean
  quiet?: boolean
}

/** Whether a job may train on it, as dot and word. */
export function DatasetState({ state, errors, warnings = 0, busy, quiet }: DatasetStateProps) {
  const t = useTranslations('datasets.state')
  if (busy)
    return (
      <State kind="half" tone="busy" pulse quiet={quiet}>
        {t('busy')}
      </State>
    )
  if (state === 'empty')
    return (
      <State kind="ring" tone="mute" quiet={quiet}>
        {t('empty')}
      </State>
    )
  if (state === 'damaged')
    return (
      <State tone="bad" quiet={quiet}>
        {t('damaged')}
      </State>
    )
  if (errors > 0)
    return (
      <State tone="bad" quiet={quiet}>
        {t('blocked', { count: errors })}
      </State>
    )
  return (
    <State tone={warnings > 0 ? 'warn' : 'ok'} quiet={quiet}>
      {warnings > 0 ? t('warnings', { count: warnings }) : t('ready')}
    </State>
  )
}
