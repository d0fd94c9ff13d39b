'use client'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import type { Series } from '#components/ui/series.ts'
import { TextLink } from '#components/ui/text-link.tsx'
import type { ComparedData, JobDetail } from '#lib/jobs/schema.ts'
import { jobName } from '../job-name.ts'
import { JobTile } from '../job-tile.tsx'
import type { Compared } from './use-compared.ts'

/** Groups jobs with the same data changes, so that each change is listed once. */
function groupsOf(data: readonly ComparedData[]): ComparedData[][] {
  const keyOf = ({ datasetId, toVersion, rows }: ComparedData) => {
    const changed = rows && rows.added + rows.removed + rows.changed + rows.moved > 0
    return changed ? `${datasetId} ${toVersion}` : rows ? 'same' : 'other'
  }
  return [...Map.groupBy(data, keyOf).values()]
}

function Words({ data, first }: { data: ComparedData; first: JobDetail }) {
  const t = useTranslations('jobList.compare')
  const name = `${jobName(first)} ${first.number}`
  if (data.rows === null) return t('dataOther', { first: name })
  const { added, removed, changed, moved } = data.rows
  if (added + removed + changed + moved === 0) return t('dataSame', { first: name })
  return (
    <>
      {t('dataDiff', { ...data.rows, first: name })}{' '}
      {data.datasetId && data.fromVersion && data.toVersion && (
        <TextLink href={`/datasets/${data.datasetId}/versions?from=${data.fromVersion}&to=${data.toVersion}`}>
          {t('dataOpen')}
        </TextLink>
      )}
    </>
  )
}

interface DataPanelProps {
  compared: readonly Compared[]
  data: readonly ComparedData[]
}

/** Data changes from the first job to each other job. */
export function DataPanel({ compared, data }: DataPanelProps) {
  const t = useTranslations('jobList.compare')
  const [first] = compared
  if (!first || data.length === 0) return null
  return (
    <Panel aria-label={t('data')}>
      <PanelHead title={t('data')} />
      <ul className="divide-y">
        {groupsOf(data).map((group) => {
          const members = compared.filter(({ job }) => group.some(({ to }) => to === job.id))
          const [one] = group
          return (
            one && (
              <li key={one.to} className="grid gap-2 px-4 py-2.5">
                <span className="flex gap-1.5">
                  {members.map(({ job, colour }) => (
                    <JobTile key={job.id} number={job.number} series={colour as Series} />
                  ))}
                </span>
                <p className="tabular-nums">
                  <Words data={one} first={first.job} />
                </p>
              </li>
            )
          )
        })}
      </ul>
    </Panel>
  )
}
