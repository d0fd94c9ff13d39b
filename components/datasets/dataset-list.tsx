'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { FileDrop } from '#components/ui/file-drop.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { changeDataset, createDataset, datasetsQuery, loadSample } from '#lib/datasets/queries.ts'
import { DatasetTable } from './dataset-table.tsx'
import { ImportProgress } from './import-progress.tsx'
import { NameDialog } from './name-dialog.tsx'
import { useDatasetActions } from './use-dataset-actions.ts'
import { useImport } from './use-import.ts'

/** All datasets, and the two ways to another one: write it, or bring a file. */
export function DatasetList() {
  const t = useTranslations('datasets')
  const router = useRouter()
  const queries = useQueryClient()
  const { data: datasets, error, refetch, isFetching } = useQuery(datasetsQuery())
  const { remove, fault } = useDatasetActions()
  const [naming, setNaming] = useState(false)
  const [renaming, setRenaming] = useState<{ id: string; name: string } | null>(null)
  const open = ({ id }: { id: string }) => router.push(`/datasets/${id}`)
  const { state, start } = useImport(open)
  const sample = async () => {
    await loadSample()
    await queries.invalidateQueries({ queryKey: ['datasets'] })
  }
  const create = (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setNaming(true)}>
      {t('new')}
    </Button>
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]}>{create}</PageHeader>
      <Page>
        {fault !== null && (
          <Panel>
            <Failure title={t('changeFailed')} error={fault} />
          </Panel>
        )}
        {error ? (
          <Panel>
            <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
          </Panel>
        ) : datasets?.length === 0 ? (
          <Panel>
            <EmptyState
              actions={
                <>
                  <Button onClick={() => setNaming(true)}>{t('new')}</Button>
                  <Button onClick={sample}>{t('loadSample')}</Button>
                </>
              }
            >
              {t('empty')}
            </EmptyState>
          </Panel>
        ) : (
          <DatasetTable datasets={datasets} onRename={setRenaming} onDelete={remove} />
        )}
        <FileDrop
          onFile={start}
          accept=".jsonl,.ndjson,.json,.txt,application/jsonl"
          label={t('import.choose')}
        >
          <h2 className="font-semibold">{t('import.title')}</h2>
          <p className="mb-3 max-w-[72ch] text-2">{t('import.sentence')}</p>
          {state && (
            <div className="mb-3">
              <ImportProgress state={state} />
            </div>
          )}
        </FileDrop>
      </Page>
      <NameDialog
        title={t('new')}
        action={t('create')}
        busyAction={t('creating')}
        open={naming}
        onOpenChange={setNaming}
        onName={async (name) => open(await createDataset({ name }))}
      />
      {renaming && (
        <NameDialog
          title={t('renameTitle')}
          action={t('save')}
          busyAction={t('saving')}
          initial={renaming.name}
          open
          onOpenChange={(open) => !open && setRenaming(null)}
          onName={async (name) => {
            await changeDataset(renaming.id, { name })
            await queries.invalidateQueries({ queryKey: ['datasets'] })
          }}
        />
      )}
    </>
  )
}
