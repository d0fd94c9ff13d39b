'use client'
import { useTranslations } from 'use-intl'
import { State } from '#components/ui/state.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

export interface DatasetStateProps {
  state: DatasetSummary['state']
  errors: number
  warnings?: number
  /** Set while rows are imported or rewritten. */
  busy?: boolean
  quiet?: boolean
  /** A model that cannot be trained on these rows, although they have no errors. */
  unfitFor?: string | null
}

/** Whether a job can train on the dataset, as a dot and a word. */
export function DatasetState({ state, errors, warnings = 0, busy, quiet, unfitFor }: DatasetStateProps) {
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
  const words = warnings > 0 ? t('warnings', { count: warnings }) : t('ready')
  return (
    <State tone={unfitFor ? 'bad' : warnings > 0 ? 'warn' : 'ok'} quiet={quiet}>
      {unfitFor ? t('unfit', { state: words, model: unfitFor }) : words}
    </State>
  )
}
