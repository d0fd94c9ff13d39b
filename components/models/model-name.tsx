import { useTranslations } from 'use-intl'
import { Dot } from '#components/ui/dot.tsx'
import type { ModelRef } from '#lib/models/schema.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'
import { shortName } from './model-options.ts'

const marks = {
  base: { kind: 'square', tone: 'base' },
  'fine-tuned': { kind: 'square', tone: 'accent' },
  checkpoint: { kind: 'diamond', tone: 'accent' },
} as const

interface ModelNameProps {
  id: string
  kind?: CatalogModel['kind']
  /** Shown after the name where it tells more than where the model is listed. */
  provider?: ModelRef['providerId']
}

/** A model by the end of its name, which tells it from its kin; the whole of it on hover. */
export function ModelName({ id, kind, provider }: ModelNameProps) {
  const t = useTranslations('models')
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-2">
      {kind && (
        <>
          <Dot {...marks[kind]} />
          <span className="sr-only">{t(`kind.${kind}`)}</span>
        </>
      )}
      <bdi dir="ltr" title={id} className="min-w-0 truncate font-mono text-meta">
        {shortName(id)}
      </bdi>
      {provider && <span className="shrink-0 text-3 text-meta">{t(`provider.${provider}`)}</span>}
    </span>
  )
}
