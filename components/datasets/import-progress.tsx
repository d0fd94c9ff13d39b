'use client'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import type { ImportState } from './use-import.ts'

/** What an import is doing, or why it stopped. */
export function ImportProgress({ state, onRetry }: { state: ImportState; onRetry?: () => void }) {
  const t = useTranslations('datasets.import')
  const { name, share, error } = state
  if (error) return <Failure title={t('failed', { name })} error={error} onRetry={onRetry} />
  return (
    <div className="grid gap-1.5" role="status">
      <span className="text-2">{t(share < 1 ? 'sending' : 'checking', { name })}</span>
      <ProgressBar value={share < 1 ? share : null} label={t('progress', { name })} />
    </div>
  )
}
