'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { useToast } from '#components/ui/toast.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import type { Issue } from '#lib/examples/issue.ts'
import { EditorHeader } from './editor-header.tsx'
import { ImportProgress } from './import-progress.tsx'
import { ProblemList } from './problem-list.tsx'
import { RowList } from './row-list.tsx'
import { RowPane } from './row-pane.tsx'
import { type Editor, useEditor } from './use-editor.ts'
import { useImport } from './use-import.ts'

type Shown = 'rows' | 'row' | 'problems'

/** Where there is no room for three columns, one says which of them is shown. */
function Views({ editor, shown, onShow }: { editor: Editor; shown: Shown; onShow: (shown: Shown) => void }) {
  const t = useTranslations('datasets.views')
  return (
    <div className="border-b px-(--gutter) py-2 wide:hidden">
      <Segmented
        label={t('label')}
        value={shown}
        onValueChange={onShow}
        className="w-full *:flex-1 *:justify-center"
        options={[
          { value: 'rows', label: t('rows', { count: editor.total }) },
          { value: 'row', label: t('row', { number: editor.row?.number ?? 0 }) },
          { value: 'problems', label: t('problems', { count: editor.issues.length }) },
        ]}
      />
    </div>
  )
}

/** Rows, the row under the hand, and what is wrong with any of them. */
export function DatasetEditor({ datasetId, start }: { datasetId: string; start: number }) {
  const t = useTranslations('datasets')
  const toast = useToast()
  const editor = useEditor(datasetId, start)
  const [shown, setShown] = useState<Shown>('rows')
  const imported = (_: DatasetSummary, { name }: File) => toast({ text: t('import.added', { name }) })
  const { state: importing, start: importRows } = useImport(imported, datasetId)
  const { view, error, refetch, isFetching, issues, errors } = editor
  const goTo = (issue: Issue) => {
    setShown('row')
    editor.goTo(issue)
  }
  if (!view) {
    return (
      <>
        <PageHeader crumbs={[{ label: t('title'), href: '/datasets' }, { label: t('loading') }]} />
        <Page>{error && <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />}</Page>
      </>
    )
  }
  return (
    <>
      <EditorHeader dataset={view.dataset} errors={errors} onImport={importRows} />
      {importing && (
        <div className="border-b px-(--gutter) py-3">
          <ImportProgress state={importing} />
        </div>
      )}
      <Views editor={editor} shown={shown} onShow={setShown} />
      <Page flush>
        <div
          className={cn(
            'min-h-0 w-full shrink-0 flex-col border-e sm:flex sm:w-60 wide:w-79',
            shown === 'rows' ? 'flex' : 'hidden',
          )}
        >
          <RowList editor={editor} onOpen={() => setShown('row')} />
        </div>
        <div
          className={cn(
            'min-h-0 min-w-0 flex-1 flex-col bg-surface wide:flex',
            shown === 'row' && 'flex',
            shown === 'rows' && 'hidden sm:flex',
            shown === 'problems' && 'hidden',
          )}
        >
          <RowPane editor={editor} />
        </div>
        <aside
          aria-label={t('problems.title')}
          className={cn(
            'min-h-0 w-full flex-col wide:flex wide:w-74 wide:shrink-0 wide:border-s',
            shown === 'problems' ? 'flex' : 'hidden',
          )}
        >
          <ProblemList dataset={view.dataset} issues={issues} errors={errors} onGoTo={goTo} />
        </aside>
      </Page>
    </>
  )
}
