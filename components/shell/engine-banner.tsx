'use client'
import { useTranslations } from 'use-intl'
import { Note } from '#components/ui/note.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useEngine } from './use-engine.ts'

/** Shown on every page while the engine does not respond: its jobs are paused and its models are unavailable. */
export function EngineBanner() {
  const t = useTranslations('shell.engine')
  const say = useErrorWords()
  const health = useEngine()
  if (health?.state !== 'bad') return null
  return (
    <div className="shrink-0 px-4 pt-3">
      <Note tone="bad" live actions={<TextLink href="/providers">{t('see')}</TextLink>}>
        <strong className="font-medium">{t('silent')}</strong> <span dir="auto">{say(health)}</span>
      </Note>
    </div>
  )
}
