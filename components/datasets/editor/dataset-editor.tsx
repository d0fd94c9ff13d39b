'use client'
import { memo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { useStable } from '#components/ui/use-stable.ts'
import type { BulkChange, DatasetView } from '#lib/datasets/schema.ts'
import type { Issue, RuleId } from '#lib/training-data/issue.ts'
import { EstimateDialog } from '../estimate/estimate-dialog.tsx'
import { ImportDialog } from '../import/import-dialog.tsx'
import { useImportDialog } from '../import/use-import-dialog.ts'
import { WindowDrop } from '../import/window-drop.tsx'
import { ChangeDialog } from '../issues/change-dialog.tsx'
import { ProblemList } from '../issues/issue-list.tsx'
import { SplitDialog } from '../issues/split-dialog.tsx'
import { SystemDialog } from '../issues/system-dialog.tsx'
import { type Asked, EditorHeader } from './editor-header.tsx'
import { RowList } from './row-list.tsx'
import { RowPane } from './row-pane.tsx'
import { type Editor, type EditorStart, useEditor } from './use-editor.ts'
import { useRowActions } from './use-row-actions.ts'

// What stands around the row is not drawn again at every key that is pressed in it.
const Header = memo(EditorHeader)
const Problems = memo(ProblemList)

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
          { value: 'row', label: editor.isNew ? t('newRow') : t('row', { number: editor.row?.number ?? 0 }) },
          { value: 'problems', label: t('problems', { count: editor.issues.length }) },
        ]}
      />
    </div>
  )
}

interface ChangesProps {
  view: DatasetView
  asked: Asked | null
  change: BulkChange | null
  onAsk: (what: Asked | null) => void
  onChange: (change: BulkChange | null) => void
  onDone: () => Promise<void>
}

/** What the whole dataset is asked to become, and the review before it does. */
const Changes = memo(function Changes({ view, asked, change, onAsk, onChange, onDone }: ChangesProps) {
  const { dataset, report } = view
  const control = (which: Asked) => ({
    open: asked === which,
    onOpenChange: (open: boolean) => onAsk(open ? which : null),
  })
  const review = (next: BulkChange) => {
    onAsk(null)
    onChange(next)
  }
  return (
    <>
      <SystemDialog dataset={dataset} report={report} onChange={review} {...control('system')} />
      <SplitDialog dataset={dataset} onChange={review} {...control('split')} />
      <EstimateDialog dataset={dataset} {...control('estimate')} />
      {change && (
        <ChangeDialog
          datasetId={dataset.id}
          revision={dataset.revision}
          change={change}
          onClose={() => onChange(null)}
          onDone={onDone}
        />
      )}
    </>
  )
})

/** Rows, the row under the hand, and what is wrong with any of them. */
export function DatasetEditor(start: EditorStart) {
  const t = useTranslations('datasets')
  const editor = useEditor(start)
  const [shown, setShown] = useState<Shown>('rows')
  const [asked, setAsked] = useState<Asked | null>(null)
  const [change, setChange] = useState<BulkChange | null>(null)
  const { show, take, ...importing } = useImportDialog()
  const actions = useRowActions(editor, () => setShown('row'))
  const { view, error, refetch, isFetching, issues, errors } = editor
  const goTo = useStable((issue: Issue) => {
    setShown('row')
    editor.goTo(issue)
  })
  const filterBy = useStable((rule: RuleId) => {
    setShown('rows')
    editor.changeFilter({ rule })
  })
  const importRows = useStable(() => show())
  const undo = useStable(actions.undo)
  const saveAll = useStable(editor.saveAll)
  const refresh = useStable(editor.refresh)
  if (!view) {
    return (
      <>
        <PageHeader crumbs={[{ label: t('title'), href: '/datasets' }, { label: t('loading') }]} />
        <Page>{error && <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />}</Page>
      </>
    )
  }
  const { dataset, report } = view
  return (
    <>
      <Header
        dataset={dataset}
        errors={errors}
        onImport={importRows}
        onUndo={undo}
        onAsk={setAsked}
        unsaved={editor.unsavedCount}
        onSaveAll={saveAll}
      />
      <WindowDrop into onFile={take} />
      <ImportDialog into={{ id: dataset.id, name: dataset.name }} {...importing} onDone={refresh} />
      <Changes
        view={view}
        asked={asked}
        change={change}
        onAsk={setAsked}
        onChange={setChange}
        onDone={refresh}
      />
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
          <RowPane editor={editor} actions={actions} />
        </div>
        <aside
          aria-label={t('problems.title')}
          className={cn(
            'min-h-0 w-full flex-col wide:flex wide:w-74 wide:shrink-0 wide:border-s',
            shown === 'problems' ? 'flex' : 'hidden',
          )}
        >
          <Problems
            dataset={dataset}
            report={report}
            issues={issues}
            errors={errors}
            onGoTo={goTo}
            onFilter={filterBy}
            onChange={setChange}
          />
        </aside>
      </Page>
    </>
  )
}
