'use client'
import { useTranslations } from 'use-intl'
import type { Job } from '#lib/jobs/schema.ts'

interface DataNameProps {
  name: string
  version: Job['datasetVersion']
}

/** `poems v3`: the dataset version that the job used, even if the dataset was changed or deleted later. */
export function DataName({ name, version }: DataNameProps) {
  const t = useTranslations('jobs')
  return (
    <>
      <bdi>{name}</bdi>
      {version && <span title={version.name ?? undefined}> {t('version', { number: version.number })}</span>}
    </>
  )
}
