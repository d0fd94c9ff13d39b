import { Fragment, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import { TextLink } from '#components/ui/text-link.tsx'
import type { StudioModel } from '#lib/models/schema.ts'

const Arrow = () => (
  <span aria-hidden="true" className="text-3 rtl:-scale-x-100">
    →
  </span>
)

interface Part {
  key: string
  content: ReactNode
}

function useParts({ lineage, aliases }: StudioModel): Part[] {
  const t = useTranslations('models.table')
  const named = aliases.map((name) => ({
    key: `alias ${name}`,
    content: (
      <bdi dir="ltr" className="font-medium font-mono text-meta">
        {name}
      </bdi>
    ),
  }))
  if (!lineage) return named
  const { jobId, number, datasetId, datasetName, version, step } = lineage
  const data = datasetName !== null && datasetId !== null && (
    <TextLink href={`/datasets/${datasetId}`}>
      <bdi>{datasetName}</bdi>
      {version !== null && ` ${t('version', { number: version })}`}
    </TextLink>
  )
  const run = <TextLink href={`/jobs/${jobId}`}>{t('run', { name: jobName(lineage), number })}</TextLink>
  return [
    ...(data ? [{ key: 'data', content: data }] : []),
    { key: 'run', content: run },
    ...(step === null ? [] : [{ key: 'step', content: t('step', { step }) }]),
    ...named,
  ]
}

/** Data → job → step → alias, as far as each is known. */
export function LineageChain({ model }: { model: StudioModel }) {
  const parts = useParts(model)
  if (parts.length === 0) return <span className="text-3">–</span>
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5">
      {parts.map(({ key, content }, index) => (
        <Fragment key={key}>
          {index > 0 && <Arrow />}
          <span>{content}</span>
        </Fragment>
      ))}
    </span>
  )
}
