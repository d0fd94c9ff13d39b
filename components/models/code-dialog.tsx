'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useKeyLine } from '#components/shell/key-line.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { domain } from '#lib/domain/domain.ts'
import { chatCode } from '#lib/models/chat-code.ts'
import type { Lineage } from '#lib/models/schema.ts'
import { LANGUAGES, type Language } from '#lib/providers/snippets.ts'

export interface AskedModel {
  /** The model's name in `/v1`. */
  name: string
  lineage: Lineage | null
}

interface CodeDialogProps {
  baseURL: string
  asked: AskedModel
  onClose: () => void
}

/** Code that calls the model, with the job's question and system prompt, or the domain's example question. */
export function CodeDialog({ baseURL, asked: { name, lineage }, onClose }: CodeDialogProps) {
  const t = useTranslations('aliases.snippet')
  const [language, setLanguage] = useState<Language>('curl')
  const question = lineage?.question ?? domain.example.question
  const code = chatCode(language, { baseURL, model: name, system: lineage?.systemPrompt ?? null, question })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={t.rich('title', { name: () => <bdi dir="ltr">{name}</bdi> })}
      description={t(lineage ? 'meaning' : 'meaningPlain')}
    >
      <div className="grid gap-4">
        <div className="grid gap-1.5">
          <p className="text-2 text-meta">{t('key')}</p>
          <CodeBlock code={useKeyLine()} label={t('key')} copyLabel={t('copyKey')} />
        </div>
        <div className="grid gap-2">
          <Segmented
            label={t('language')}
            value={language}
            onValueChange={setLanguage}
            options={LANGUAGES.map((value) => ({ value, label: t(value) }))}
            className="justify-self-start"
          />
          <CodeBlock
            code={code}
            label={t('program', { language: t(language) })}
            copyLabel={t('copy')}
            className="[&_pre]:max-h-96"
          />
        </div>
      </div>
    </Dialog>
  )
}
