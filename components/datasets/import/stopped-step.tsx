'use client'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Run } from './use-run.ts'

/** An import that did not finish: the user stopped it, or it failed. */
export function StoppedStep({ run }: { run: Extract<Run, { state: 'stopped' | 'failed' }> }) {
  const t = useTranslations('imports')
  const { name } = run
  if (run.state === 'failed') {
    return (
      <div className="grid gap-3">
        <Failure title={t('failed.title', { name })} error={run.error} />
        <p className="text-2">{t('failed.sentence')}</p>
      </div>
    )
  }
  return (
    <Note live>
      <p className="font-medium">{t('stopped.title')}</p>
      <p className="text-2">{t('stopped.sentence', { name })}</p>
    </Note>
  )
}
