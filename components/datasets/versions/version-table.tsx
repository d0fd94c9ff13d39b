'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Th } from '#components/ui/table.tsx'
import type { DatasetSummary, DatasetVersion } from '#lib/datasets/schema.ts'
import { runsOfDatasetQuery } from '#lib/jobs/queries.ts'
import { DraftRow, VersionRow, type VersionRowProps } from './version-row.tsx'

export interface VersionTableProps extends Pick<VersionRowProps, 'datasetId' | 'onCompare' | 'onRestore'> {
  dataset: DatasetSummary | undefined
  /** Newest first. */
  versions: DatasetVersion[] | undefined
  /** Opens the dialog that names a version of the current rows. */
  onName: () => void
}

/** The versions, newest first, below the current rows. */
export function VersionTable(props: VersionTableProps) {
  const { datasetId, dataset, versions, onCompare, onRestore, onName } = props
  const t = useTranslations('versions')
  const { data: runs = [] } = useQuery(runsOfDatasetQuery(datasetId))
  if (versions?.length === 0) {
    return (
      <Panel>
        <EmptyState
          actions={
            <Button variant="primary" onClick={onName}>
              {t('make')}
            </Button>
          }
        >
          {t('empty')}
        </EmptyState>
      </Panel>
    )
  }
  return (
    <Panel>
      <Table caption={t('caption')}>
        <thead>
          <tr>
            <Th>{t('columns.version')}</Th>
            <Th align="end">{t('columns.rows')}</Th>
            <Th align="end" className="hidden sm:table-cell">
              {t('columns.tokens')}
            </Th>
            <Th className="hidden md:table-cell">{t('hash')}</Th>
            <Th>{t('columns.runs')}</Th>
            <Th className="hidden sm:table-cell">{t('columns.made')}</Th>
            <Th>
              <span className="sr-only">{t('columns.actions')}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {dataset?.dirty && versions && (
            <DraftRow dataset={dataset} number={(versions[0]?.number ?? 0) + 1} />
          )}
          {versions ? (
            versions.map((version, index) => (
              <VersionRow
                key={version.id}
                datasetId={datasetId}
                version={version}
                previous={versions[index + 1]}
                runs={runs.filter(({ versionId }) => versionId === version.id)}
                onCompare={onCompare}
                onRestore={onRestore}
              />
            ))
          ) : (
            <SkeletonRows columns={7} />
          )}
        </tbody>
      </Table>
    </Panel>
  )
}
