'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { restoreVersionMutation, undoStepMutation } from '#lib/datasets/mutations.ts'
import { datasetQuery, versionsQuery } from '#lib/datasets/queries.ts'
import type { DatasetVersion } from '#lib/datasets/schema.ts'
import { VersionDialog } from '../editor/version-dialog.tsx'
import { sidesOf, versionsAddress } from './address.ts'
import { Comparison, type Sides } from './comparison.tsx'
import { VersionTable } from './version-table.tsx'

/** Restores a version; the restore is an undoable step. */
function useRestore(datasetId: string) {
  const t = useTranslations('versions')
  const toast = useToast()
  const undo = useMutation(undoStepMutation(datasetId))
  const restore = useMutation({
    ...restoreVersionMutation(datasetId),
    onMutate: undo.reset,
    onSuccess: (_, { number }) => toast({ text: t('restored', { number }), undo: () => undo.mutate() }),
  })
  return { restore: restore.mutate, error: undo.error ?? restore.error }
}

/** Changes since the newest version; if there are none, the changes of that version. */
function newest([version, previous]: readonly DatasetVersion[]): Sides {
  if (version?.current && previous) return { from: previous.id, to: version.id }
  return { from: version?.id ?? '', to: 'draft' }
}

/** Every version of a dataset, the jobs that used each, and the differences between any two. */
export function VersionsPage({ datasetId }: { datasetId: string }) {
  const t = useTranslations('versions')
  const words = useTranslations('datasets')
  const { data: view } = useQuery(datasetQuery(datasetId))
  const { data: versions, error, refetch, isFetching } = useQuery(versionsQuery(datasetId))
  const { restore, error: restoreError } = useRestore(datasetId)
  const [naming, setNaming] = useState(false)
  const [address, write] = useQueryStates(versionsAddress)
  const compare = (next: Sides) => void write(next)
  const name = view?.dataset.name ?? ''
  return (
    <>
      <PageHeader
        crumbs={[
          { label: words('title'), href: '/datasets' },
          { label: name, href: `/datasets/${datasetId}` },
          { label: t('title') },
        ]}
      >
        <LinkButton href={`/datasets/${datasetId}`}>{t('back')}</LinkButton>
        {versions && versions.length > 0 && (
          <span className="hidden sm:contents">
            <Button onClick={() => setNaming(true)}>{t('make')}</Button>
          </span>
        )}
        {view && <VersionDialog dataset={view.dataset} open={naming} onOpenChange={setNaming} />}
      </PageHeader>
      <Page>
        {restoreError !== null && (
          <Panel>
            <Failure title={t('restoreFailed')} error={restoreError} />
          </Panel>
        )}
        {error ? (
          <Panel>
            <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
          </Panel>
        ) : (
          <VersionTable
            datasetId={datasetId}
            dataset={view?.dataset}
            versions={versions}
            onCompare={compare}
            onRestore={restore}
            onName={() => setNaming(true)}
          />
        )}
        {versions && versions.length > 0 && (
          <Comparison
            datasetId={datasetId}
            versions={versions}
            sides={sidesOf(address) ?? newest(versions)}
            onSides={compare}
          />
        )}
      </Page>
    </>
  )
}
