'use client'
import { useTranslations } from 'use-intl'
import { State } from '#components/ui/state.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

export interface DatasetStateProps {
  state: DatasetSummary['state']
  errors: number
  quiet?: boolean
}

/** Whether a job may train on it, as dot and word. */
export function DatasetState({ state, errors, quiet }: DatasetStateProps) {
  const t = useTranslations('datasets.state')
  if (state === 'empty')
    return (
      <State kind="ring" tone="mute" quiet={quiet}>
        {t('empty')}
      </State>
    )
  return errors > 0 ? (
    <State tone="bad" quiet={quiet}>
      {t('blocked', { count: errors })}
    </State>
  ) : (
    <State tone="ok" quiet={quiet}>
      {t('ready')}
    </State>
  )
}
