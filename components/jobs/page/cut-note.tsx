'use client'
import Scissors from 'lucide-react/icons/scissors'
import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { Note } from '#components/ui/note.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { CutRows, JobDetail } from '#lib/jobs/schema.ts'

/** Maximum number of rows named individually. */
const NAMED = 5

/** The dataset and split that a file was made from. */
function sourceOf({ datasetId, validationDatasetId }: JobDetail, { file }: CutRows) {
  if (file === 'training_file') return { datasetId, split: 'train' }
  const own = validationDatasetId === datasetId
  return { datasetId: validationDatasetId, split: own ? 'heldout' : 'train' }
}

function Cut({ job, cut }: { job: JobDetail; cut: CutRows }) {
  const t = useTranslations('job.cut')
  const { datasetId, split } = sourceOf(job, cut)
  const { context, rows, part, all } = cut
  const named = cut.examples.slice(0, NAMED)
  const words = ({ row, lost, left }: CutRows['examples'][number]) =>
    t(left === 0 ? 'whole' : 'end', { row, lost })
  return (
    <Note icon={<Scissors size={16} className="text-warn-dot" aria-hidden />}>
      <p>{t(cut.file, { context, rows, part, all })}</p>
      <p className="text-3 text-meta">
        {named.map((example, index) => (
          <Fragment key={example.row}>
            {index > 0 && '; '}
            {datasetId ? (
              <TextLink
                className="font-normal"
                href={`/datasets/${datasetId}?split=${split}&line=${example.line}`}
              >
                {words(example)}
              </TextLink>
            ) : (
              words(example)
            )}
          </Fragment>
        ))}
        {part + all > named.length && ` ${t('more', { count: part + all - named.length })}`}
      </p>
    </Note>
  )
}

/** Rows that the model truncated, and what was lost. */
export const CutNote = ({ job }: { job: JobDetail }) =>
  job.cuts.map((cut) => <Cut key={cut.file} job={job} cut={cut} />)
