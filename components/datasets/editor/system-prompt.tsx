'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import type { DatasetReport } from '#lib/datasets/schema.ts'

export interface SystemPromptProps {
  report: DatasetReport
  onChange: () => void
}

/** The system prompt of the rows, above their list; opens the dialog that changes it in all of them. */
export const SystemPrompt = memo(function SystemPrompt({ report, onChange }: SystemPromptProps) {
  const t = useTranslations('datasets.systemPrompt')
  const { systems, usualSystem } = report
  const text = usualSystem ?? t('none')
  return (
    <button
      type="button"
      title={t('change')}
      onClick={onChange}
      className="grid w-full gap-0.5 border-b px-4 py-2 text-start -outline-offset-2 hover:bg-hover"
    >
      <span className="text-3 text-meta">{t('label')}</span>
      <span dir="auto" className="truncate">
        {systems.length > 1 ? t('several', { count: systems.length, text }) : text}
      </span>
    </button>
  )
})
