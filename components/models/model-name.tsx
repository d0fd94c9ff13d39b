import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
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
  /** Set where the provider is not clear from the context; shown after the name. */
  provider?: ModelRef['providerId']
}

/** The end of a model's name, which distinguishes it from related models; the full name on hover. */
export function ModelName({ id, kind, provider }: ModelNameProps) {
  const t = useTranslations('models')
  const nameOf = useProviderName()
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
      {provider && <span className="shrink-0 text-3 text-meta">{nameOf(provider)}</span>}
    </span>
  )
}
