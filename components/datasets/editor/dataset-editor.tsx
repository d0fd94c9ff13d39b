'use client'
import { useQuery } from '@tanstack/react-query'
import { memo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { useStableActions } from '#components/ui/use-stable.ts'
import { datasetQuery } from '#lib/datasets/queries.ts'
import type { BulkChange, RowFilter } from '#lib/datasets/schema.ts'
import type { Issue, RuleId } from '#lib/training-data/issue.ts'
import { ForeignSample } from '../foreign-sample.tsx'
import { ImportDialog } from '../import/import-dialog.tsx'
import { useImportDialog } from '../import/use-import-dialog.ts'
import { WindowDrop } from '../import/window-drop.tsx'
import { ProblemList } from '../issues/issue-list.tsx'
import { BulkChanges } from './bulk-changes.tsx'
import { ColumnChoice, type Shown } from './column-choice.tsx'
import { type EditorDialog, EditorHeader } from './editor-header.tsx'
import { RowList } from './row-list.tsx'
import { RowPane } from './row-pane.tsx'
import { useCaret } from './use-caret.ts'
import { type Choice, useChosen } from './use-chosen.ts'
import { useDrafts } from './use-drafts.ts'
import { useRowActions } from './use-row-actions.ts'
import { useRowChanges } from './use-row-changes.ts'
import { useRowIssues } from './use-row-issues.ts'
import { useRowKeys } from './use-row-keys.ts'
import { useSaving } from './use-saving.ts'
import { type EditorStart, useSelection } from './use-selection.ts'
import { useUnsaved } from './use-unsaved.ts'

// Memoized: a keystroke in the row must not render the components around it again.
const Header = memo(EditorHeader)
const Problems = memo(ProblemList)

/** The list of rows, the open row, and the issues of the dataset. */
export function DatasetEditor(start: EditorStart) {
  const { datasetId } = start
  const t = useTranslations('datasets')
  const { data: view, error, refetch, isFetching } = useQuery(datasetQuery(datasetId))
  const [shown, setShown] = useState<Shown>(() => (view?.report.lines === 0 ? 'row' : 'rows'))
  const [asked, setAsked] = useState<EditorDialog | null>(null)
  const [change, setChange] = useState<BulkChange | null>(null)
  const { show, take, ...importing } = useImportDialog()
  const caret = useCaret()
  const store = useDrafts(datasetId)
  const unsaved = useUnsaved(store.drafts)
  const selection = useSelection(start, store.drafts, caret)
  const chosen = useChosen(datasetId, selection)
  const changes = useRowChanges(datasetId, store)
  const saving = useSaving(datasetId, selection, store, changes)
  const { issues, errors, flags, rowIssues } = useRowIssues(view, selection)
  const { row, rows, index, isNew, filter, total } = selection
  const onShowRow = () => setShown('row')
  const actions = useStableActions(
    useRowActions({ datasetId, view, selection, store, saving, changes, caret, chosen, onShowRow }),
  )
  useRowKeys(actions)
  const { saveAll, overwrite, loadTheirs } = saving
  const saves = useStableActions({ saveAll, overwrite, loadTheirs, refresh: changes.refresh })
  const shows = useStableActions({
    importRows: () => show(),
    importFrom: show,
    open: selection.open,
    changeFilter: (filter: RowFilter) => {
      chosen.clear()
      selection.changeFilter(filter)
    },
    select: (place: number, id: string, how: Choice) => {
      if (how === 'toggle') return chosen.toggle(place, id)
      if (how === 'extend') return chosen.extend(place)
      chosen.clear()
      selection.open(place, id)
      setShown('row')
    },
    askSystem: () => setAsked('system'),
    askReplace: () => setAsked('replace'),
    goTo: ({ line, column, message }: Issue) => {
      setShown('row')
      if (row?.number !== line || isNew) selection.openLine(line)
      caret.look({ line, column, message })
    },
    filterBy: (rule: RuleId) => {
      setShown('rows')
      chosen.clear()
      selection.changeFilter({ rule })
    },
  })
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
        onImport={shows.importRows}
        onUndo={actions.undo}
        onRedo={actions.redo}
        onAsk={setAsked}
        unsaved={unsaved.size}
        onSaveAll={saves.saveAll}
      />
      <ForeignSample sample={dataset.sample} className="border-b bg-surface px-(--gutter) py-2 text-2" />
      <WindowDrop into onFile={take} />
      <ImportDialog
        into={{ id: dataset.id, name: dataset.name, isEmpty: report.lines === 0 }}
        {...importing}
        onDone={saves.refresh}
      />
      <BulkChanges
        view={view}
        asked={asked}
        change={change}
        chosen={chosen.chosen}
        words={filter.q ?? ''}
        onAsk={setAsked}
        onChange={setChange}
        onDone={saves.refresh}
      />
      <ColumnChoice
        shown={shown}
        onShow={setShown}
        rows={total}
        problems={issues.length}
        number={isNew ? null : (row?.number ?? 0)}
      />
      <Page flush>
        <div
          className={cn(
            'min-h-0 w-full shrink-0 flex-col border-e sm:flex sm:w-60 wide:w-79',
            shown === 'rows' ? 'flex' : 'hidden',
          )}
        >
          <RowList
            view={view}
            rows={rows}
            total={total}
            index={index}
            filter={filter}
            flags={flags}
            unsaved={unsaved}
            chosen={chosen}
            onReplace={shows.askReplace}
            onSystem={shows.askSystem}
            onOpen={shows.open}
            onSelect={shows.select}
            onFilter={shows.changeFilter}
            onLook={selection.setInView}
            onAdd={actions.addBehind}
          />
        </div>
        <div
          className={cn(
            'min-h-0 min-w-0 flex-1 flex-col bg-surface wide:flex',
            shown === 'row' && 'flex',
            shown === 'rows' && 'hidden sm:flex',
            shown === 'problems' && 'hidden',
          )}
        >
          <RowPane
            dataset={dataset}
            selection={selection}
            issues={rowIssues}
            focus={caret.focus}
            busy={changes.busy}
            chosen={row !== undefined && chosen.chosen.has(row.id)}
            failed={saving.failed}
            conflict={saving.conflict}
            actions={actions}
            onImport={shows.importFrom}
            onGoTo={shows.goTo}
            onOverwrite={saves.overwrite}
            onLoadTheirs={saves.loadTheirs}
          />
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
            onGoTo={shows.goTo}
            onFilter={shows.filterBy}
            onChange={setChange}
          />
        </aside>
      </Page>
    </>
  )
}
