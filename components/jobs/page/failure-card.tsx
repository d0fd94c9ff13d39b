'use client'
import { useTranslations } from 'use-intl'
import { ErrorState } from '#components/ui/error-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { JobDetail, JobFailure } from '#lib/jobs/schema.ts'
import { useFailureWords } from '../failure-words.ts'
import { LineExcerpt } from './line-excerpt.tsx'

/** Link to the dataset row that the failure names, via its line in the uploaded file. */
function rowAddress(job: JobDetail, { line, row, param }: JobFailure): string | null {
  const validation = param === 'validation_file'
  const datasetId = validation ? job.validationDatasetId : job.datasetId
  const place = line ?? row
  if (datasetId === null || place === null) return null
  const heldOut = validation && datasetId === job.datasetId
  return `/datasets/${datasetId}?split=${heldOut ? 'heldout' : 'train'}&line=${place}`
}

/** Why the job failed, in the words of our checks before the provider's, with a link to the line that caused it. */
export function FailureCard({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  const words = useFailureWords()
  const { error } = job
  const told = error && words(error)
  const address = error && rowAddress(job, error)
  const line = error?.line ?? error?.row
  return (
    <ErrorState
      title={t('failure.title')}
      facts={[error?.code, error?.param, !address && line ? t('page.place', { line }) : null]}
      actions={
        <>
          {address && line && (
            <LinkButton size="sm" href={address}>
              {t(error.param === 'validation_file' ? 'failure.validationLine' : 'failure.line', { line })}
            </LinkButton>
          )}
          <LinkButton size="sm" href={`/jobs/new?from=${job.id}`}>
            {t('failure.fix')}
          </LinkButton>
        </>
      }
    >
      {told && (
        <p dir="auto" className="people-text">
          {told.lead}
        </p>
      )}
      {error?.excerpt && (
        <LineExcerpt excerpt={error.excerpt} label={t('failure.excerpt', { line: line ?? 0 })} />
      )}
      {told?.said && (
        <p dir="auto" className="people-text mt-1 text-3 text-meta">
          {told.said}
        </p>
      )}
    </ErrorState>
  )
}
