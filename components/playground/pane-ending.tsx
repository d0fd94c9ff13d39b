'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Column } from '#lib/playground/columns.ts'

/** Why an answer is incomplete or missing, with a retry for this pane; the other panes continue. */
export function PaneEnding({ column, onRerun }: { column: Column; onRerun: () => void }) {
  const t = useTranslations('playground')
  const { state, error, text } = column
  if (state !== 'failed' && state !== 'interrupted' && state !== 'stopped') return null
  const rerun = (
    <Button size="sm" onClick={onRerun}>
      {t('rerun')}
    </Button>
  )
  const words = state === 'interrupted' ? 'interrupted' : text ? 'stopped' : 'stoppedEarly'
  return (
    <div className="py-3 text-body">
      {error ? (
        <Failure error={error} title={t(state === 'failed' ? 'failed' : 'interrupted')} actions={rerun} />
      ) : (
        <Note actions={rerun}>{t(words)}</Note>
      )}
    </div>
  )
}
