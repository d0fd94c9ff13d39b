'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { FileDrop } from '#components/ui/file-drop.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { ACCEPT } from './accept.ts'
import { CopyFields } from './copy-fields.tsx'
import type { Copy } from './use-copy.ts'

const SOURCES = ['file', 'paste', 'dataset'] as const
export type Source = (typeof SOURCES)[number]

export interface SourceStepProps {
  source: Source
  onSource: (source: Source) => void
  onFile: (file: File) => void
  pasted: string
  onPasted: (text: string) => void
  copy: Copy
}

function FromFile({ onFile }: Pick<SourceStepProps, 'onFile'>) {
  const t = useTranslations('imports.file')
  return (
    <FileDrop onFile={onFile} accept={ACCEPT} label={t('choose')} className="grid gap-3">
      <p className="max-w-[72ch] text-2">{t('sentence')}</p>
      <p className="text-3 text-meta">{t('drop')}</p>
    </FileDrop>
  )
}

function FromPaste({ pasted, onPasted }: Pick<SourceStepProps, 'pasted' | 'onPasted'>) {
  const t = useTranslations('imports.paste')
  return (
    <Field label={t('label')} hint={t('hint')}>
      <Textarea
        mono
        rows={10}
        className="max-h-[45dvh] min-h-48"
        spellCheck={false}
        value={pasted}
        onValueChange={onPasted}
      />
    </Field>
  )
}

/** Selects the source of the rows. */
export function SourceStep(props: SourceStepProps) {
  const t = useTranslations('imports.source')
  const { source, onSource } = props
  return (
    <div className="grid min-h-60 content-start gap-4">
      <Segmented
        label={t('label')}
        value={source}
        onValueChange={onSource}
        className="justify-self-start"
        options={SOURCES.map((value) => ({ value, label: t(value) }))}
      />
      {source === 'file' && <FromFile {...props} />}
      {source === 'paste' && <FromPaste {...props} />}
      {source === 'dataset' && <CopyFields copy={props.copy} />}
    </div>
  )
}
