import { useTranslations } from 'use-intl'
import { JobScore } from '#components/jobs/job-score.tsx'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Chip } from '#components/ui/chip.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Dot } from '#components/ui/dot.tsx'
import type { Maker, ModelRef } from '#lib/models/schema.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'
import { shortName } from './model-options.ts'
import { useModelTitle } from './use-model-title.ts'

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
  /** The job that made it, by which it is called. */
  lineage?: Maker | null
  /** Shows the score, the best mark and a button that copies the id. */
  facts?: boolean
}

/** What people call a model; its id on hover. */
export function ModelName({ id, kind, provider, lineage = null, facts }: ModelNameProps) {
  const nameOf = useProviderName()
  const t = useTranslations('models')
  const title = useModelTitle()
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-2">
      {kind && (
        <>
          <Dot {...marks[kind]} />
          <span className="sr-only">{t(`kind.${kind}`)}</span>
        </>
      )}
      {lineage ? (
        <bdi title={id} className="min-w-0 truncate">
          {title({ id, lineage })}
        </bdi>
      ) : (
        <bdi dir="ltr" title={id} className="min-w-0 truncate font-mono text-meta">
          {shortName(id)}
        </bdi>
      )}
      {facts && lineage?.score && (
        <span className="shrink-0 text-3 text-meta tabular-nums">
          <JobScore score={lineage.score} />
        </span>
      )}
      {facts && lineage?.best && <Chip tone="accent">{t('table.best')}</Chip>}
      {facts && (
        <CopyButton
          text={id}
          label={t('table.copyId')}
          className="shrink-0 sm:opacity-0 sm:focus-visible:opacity-100 sm:group-hover/row:opacity-100"
        />
      )}
      {provider && <span className="shrink-0 text-3 text-meta">{nameOf(provider)}</span>}
    </span>
  )
}
