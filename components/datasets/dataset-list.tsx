'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import Upload from 'lucide-react/icons/upload'
import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLive } from '#components/jobs/use-live.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { DeletedPanel } from '#components/storage/deleted-panel.tsx'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { ListSearch } from '#components/ui/list-search.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ViewsMenu } from '#components/views/views-menu.tsx'
import { createDatasetMutation, loadSampleMutation, renameDatasetMutation } from '#lib/datasets/mutations.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { DatasetTable } from './dataset-table.tsx'
import { ImportDialog } from './import/import-dialog.tsx'
import { useImportDialog } from './import/use-import-dialog.ts'
import { WindowDrop } from './import/window-drop.tsx'
import { listAddress, queryOf, shownIn, sortedBy } from './list-view.ts'
import { NameDialog } from './name-dialog.tsx'
import { useDatasetActions } from './use-dataset-actions.ts'

function Empty({ onNew }: { onNew: () => void }) {
  const t = useTranslations('datasets')
  const { mutate, error } = useMutation(loadSampleMutation())
  return (
    <Panel>
      {error && <Failure title={t('changeFailed')} error={error} />}
      <EmptyState
        actions={
          <>
            <Button onClick={onNew}>{t('new')}</Button>
            <Button onClick={() => mutate()}>{t('loadSample')}</Button>
          </>
        }
      >
        {t('empty')}
      </EmptyState>
    </Panel>
  )
}

interface ListedProps {
  datasets: DatasetSummary[] | undefined
  onRename: (dataset: DatasetSummary) => void
  onArchive: (dataset: DatasetSummary) => void
  onDelete: (dataset: DatasetSummary) => void
}

/** The datasets whose names match the search. */
function Listed({ datasets, ...actions }: ListedProps) {
  const t = useTranslations('datasets.list')
  const [view, change] = useQueryStates(listAddress)
  const found = datasets && shownIn(datasets, view)
  const archived = datasets?.filter(({ archivedAt }) => archivedAt !== null).length ?? 0
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <ListSearch
          label={t('search')}
          value={view.q}
          onChange={(q) => void change({ q })}
          className="w-full sm:w-72"
        />
        {archived > 0 && (
          <Button
            variant="ghost"
            aria-pressed={view.archived}
            onClick={() => void change({ archived: !view.archived })}
            className={cn(view.archived && 'bg-selected')}
          >
            {t('showArchived', { count: archived })}
          </Button>
        )}
        <span className="ms-auto">
          <ViewsMenu list="datasets" query={queryOf(view)} />
        </span>
      </div>
      {found?.length === 0 ? (
        <Panel>
          <EmptyState actions={<Button onClick={() => void change({ q: '' })}>{t('clear')}</Button>}>
            {t('none')}
          </EmptyState>
        </Panel>
      ) : (
        <DatasetTable
          datasets={found}
          view={view}
          onSort={(sort) => void change(sortedBy(sort, view))}
          {...actions}
        />
      )}
    </>
  )
}

/** All datasets, with the two ways to add one: write rows or import them. */
export function DatasetList() {
  const t = useTranslations('datasets')
  const imports = useTranslations('imports')
  const router = useRouter()
  const { data: datasets, error, refetch, isFetching } = useQuery(datasetsQuery())
  useLive(null)
  const { remove, restore, archive, error: actionError } = useDatasetActions()
  const [naming, setNaming] = useState(false)
  const [renaming, setRenaming] = useState<DatasetSummary | null>(null)
  const { show, take, ...importing } = useImportDialog()
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]} help="rules">
        <Button icon={<Upload size={16} aria-hidden />} onClick={() => show()}>
          <span className="max-sm:sr-only">{imports('open')}</span>
        </Button>
        <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setNaming(true)}>
          {t('new')}
        </Button>
      </PageHeader>
      <Page>
        {actionError !== null && (
          <Panel>
            <Failure title={t('changeFailed')} error={actionError} />
          </Panel>
        )}
        {error ? (
          <Panel>
            <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
          </Panel>
        ) : datasets?.length === 0 ? (
          <Empty onNew={() => setNaming(true)} />
        ) : (
          <Listed datasets={datasets} onRename={setRenaming} onArchive={archive} onDelete={remove} />
        )}
        <DeletedPanel onRestore={restore} />
      </Page>
      <WindowDrop onFile={take} />
      <ImportDialog {...importing} />
      <NameDialog
        title={t('new')}
        action={t('create')}
        busyAction={t('creating')}
        open={naming}
        onOpenChange={setNaming}
        naming={createDatasetMutation()}
        onNamed={({ id }) => router.push(`/datasets/${id}`)}
      />
      {renaming && (
        <NameDialog
          title={t('renameTitle')}
          action={t('save')}
          busyAction={t('saving')}
          initial={renaming.name}
          open
          onOpenChange={(open) => !open && setRenaming(null)}
          naming={renameDatasetMutation(renaming.id)}
        />
      )}
    </>
  )
}
