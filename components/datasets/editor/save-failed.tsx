'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { ErrorState } from '#components/ui/error-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { AppError } from '#lib/core/errors.ts'

export interface SaveFailedProps {
  /** The error of the last change to the row; null if it succeeded. */
  failed: unknown
  /** The same, if another window saved the row first. */
  conflict: AppError | null
  onOverwrite: () => void
  onLoadTheirs: () => void
}

/** Why a row is not saved, and what the user can do. */
export function SaveFailed({ failed, conflict, onOverwrite, onLoadTheirs }: SaveFailedProps) {
  const t = useTranslations('datasets.row')
  const say = useErrorWords()
  if (!failed) return null
  if (!conflict) return <Failure title={t('saveFailed')} error={failed} />
  return (
    <ErrorState
      title={t('saveFailed')}
      actions={
        <>
          <Button onClick={onOverwrite}>{t('overwrite')}</Button>
          <Button onClick={onLoadTheirs}>{t('loadTheirs')}</Button>
        </>
      }
    >
      {say(conflict)}
    </ErrorState>
  )
}
