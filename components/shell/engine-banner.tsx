'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'
import { restartEngineMutation } from '#lib/providers/queries.ts'
import { useEngine } from './use-engine.ts'

/** Shown on every page while the engine does not respond: its jobs are paused and its models are unavailable. */
export function EngineBanner() {
  const t = useTranslations('shell.engine')
  const say = useErrorWords()
  const health = useEngine()
  const restart = useMutation(restartEngineMutation())
  if (health?.state !== 'bad') return null
  const failed = restart.error instanceof AppError ? say(restart.error) : null
  return (
    <div className="shrink-0 px-4 pt-3">
      <Note
        tone="bad"
        live
        actions={
          <>
            <TextLink href="/providers">{t('see')}</TextLink>
            <Button
              size="sm"
              busy={restart.isPending}
              busyLabel={t('restarting')}
              onClick={() => restart.mutate()}
            >
              {t('restart')}
            </Button>
          </>
        }
      >
        <strong className="font-medium">{t('silent')}</strong> <span dir="auto">{failed ?? say(health)}</span>{' '}
        {t('restartMeaning')}
      </Note>
    </div>
  )
}
