'use client'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { ComparedData, JobDetail } from '#lib/jobs/schema.ts'
import { runName } from '../run-name.ts'
import { RunTile } from '../run-tile.tsx'

function Words({ data, first }: { data: ComparedData; first: JobDetail }) {
  const t = useTranslations('runs.compare')
  const name = `${runName(first)} ${first.number}`
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

/** What changed in the data from the first run to each other one. */
export function DataPanel({ runs, data }: { runs: readonly JobDetail[]; data: readonly ComparedData[] }) {
  const t = useTranslations('runs.compare')
  const [first] = runs
  if (!first || data.length === 0) return null
  return (
    <Panel aria-label={t('data')}>
      <PanelHead title={t('data')} />
      <ul className="divide-y">
        {data.map((one) => {
          const other = runs.find(({ id }) => id === one.to)
          return (
            other && (
              <li key={one.to} className="flex items-center gap-3 px-4 py-2.5">
                <RunTile number={other.number} />
                <p className="tabular-nums">
                  <Words data={one} first={first} />
                </p>
              </li>
            )
          )
        })}
      </ul>
    </Panel>
  )
}
