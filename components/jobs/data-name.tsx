'use client'
import { useTranslations } from 'use-intl'
import type { Job } from '#lib/jobs/schema.ts'

interface DataNameProps {
  name: string
  version: Job['datasetVersion']
}

/** `poems v3`: the rows a run was given, whatever became of the dataset since. */
export function DataName({ name, version }: DataNameProps) {
  const t = useTranslations('jobs')
  return (
    <>
      <bdi>{name}</bdi>
      {version && <span title={version.name ?? undefined}> {t('version', { number: version.number })}</span>}
    </>
  )
}
