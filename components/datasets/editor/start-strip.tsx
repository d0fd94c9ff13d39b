'use client'
import ClipboardPaste from 'lucide-react/icons/clipboard-paste'
import Copy from 'lucide-react/icons/copy'
import Upload from 'lucide-react/icons/upload'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import type { Source } from '../import/source-step.tsx'

export interface StartStripProps {
  /** The system prompt of the first row. */
  system: string
  onSystem: (system: string) => void
  onImport: (from: Source) => void
}

/** Above the first row of an empty dataset: the ways to bring rows, and the system prompt for all of them. */
export const StartStrip = memo(function StartStrip({ system, onSystem, onImport }: StartStripProps) {
  const t = useTranslations('datasets.start')
  const prompt = useTranslations('datasets.systemPrompt')
  return (
    <section aria-label={t('title')} className="grid gap-4 border-b px-(--gutter) py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-60">
          <span className="block font-semibold">{t('title')}</span>
          <span className="text-2">{t('sentence')}</span>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button icon={<ClipboardPaste size={16} aria-hidden />} onClick={() => onImport('paste')}>
            {t('paste')}
          </Button>
          <Button icon={<Upload size={16} aria-hidden />} onClick={() => onImport('file')}>
            {t('file')}
          </Button>
          <Button icon={<Copy size={16} aria-hidden />} onClick={() => onImport('dataset')}>
            {t('copy')}
          </Button>
        </div>
      </div>
      <Field label={prompt('label')} hint={prompt('hint')}>
        <Textarea
          value={system}
          onValueChange={onSystem}
          placeholder={prompt('placeholder')}
          className="max-h-40"
        />
      </Field>
    </section>
  )
})
