'use client'
import { useTranslations } from 'use-intl'
import { ErrorState } from '#components/ui/error-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { JobDetail, JobFailure } from '#lib/jobs/schema.ts'

/** Link to the dataset row that the failure names, via its line in the uploaded file. */
function rowAddress(job: JobDetail, { line, row, param }: JobFailure): string | null {
  const validation = param === 'validation_file'
  const datasetId = validation ? job.validationDatasetId : job.datasetId
  const place = line ?? row
  if (datasetId === null || place === null) return null
  const heldOut = validation && datasetId === job.datasetId
  return `/datasets/${datasetId}?split=${heldOut ? 'heldout' : 'train'}&line=${place}`
}

/** Why the job failed, as worded by the provider, with a link to the line that caused it. */
export function FailureCard({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  const say = useErrorWords()
  const { error } = job
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
      {error && (
        <p dir="auto" className="people-text">
          {say(error)}
        </p>
      )}
    </ErrorState>
  )
}
