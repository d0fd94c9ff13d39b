'use client'
import { useQueryStates } from 'nuqs'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLive } from '#components/jobs/use-live.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import { QUIZ, RECORDING } from '#lib/evals/constants.ts'
import type { EvalPage as Evaluation } from '#lib/evals/schema.ts'
import { CostPanel } from '../cost-panel.tsx'
import { useColumnNames } from '../names.ts'
import { type Change, evalAddress, type View } from './address.ts'
import { EvalHeader } from './eval-header.tsx'
import { FixBar, whyNoFix } from './fix-bar.tsx'
import { FixDialog } from './fix-dialog.tsx'
import { Grid } from './grid.tsx'
import { ProgressPanel } from './progress-panel.tsx'
import { RecordingPanel } from './recording-panel.tsx'
import { RowPanel } from './row-panel.tsx'
import { isTuned, ScoreTable } from './score-table.tsx'
import { useEvalActions } from './use-eval-action.ts'
import { useEval, useOpenRow, useSteps } from './use-rows.ts'

interface BodyProps {
  page: Evaluation
  /** The rows belong to the previous view; the new ones are loading. */
  stale: boolean
  view: View
  change: Change
}

/** Keyboard shortcuts of the page. The rows handle selection: selecting the open row again closes it. */
function useKeysOfPage(keys: {
  step: (by: 1 | -1) => void
  diff: () => void
  fix: () => void
  close: () => void
}) {
  const { step, diff, fix, close } = keys
  useKeys({
    j: () => step(1),
    arrowdown: () => step(1),
    k: () => step(-1),
    arrowup: () => step(-1),
    d: diff,
    f: fix,
    escape: close,
  })
}

function Body({ page, stale, view, change }: BodyProps) {
  const names = useColumnNames(page.columns)
  const actions = useEvalActions(page.id)
  const [fixing, setFixing] = useState(false)
  const isRecording = page.datasetId === RECORDING
  const isOfDataset = !isRecording && page.datasetId !== QUIZ
  const row = useOpenRow(page, view)
  const step = useSteps(page, stale, view, change)
  const fixable = isOfDataset && whyNoFix(row) === null
  const close = () => change({ row: null })
  const diff = () => change({ diff: !view.diff })
  const fix = () => fixable && setFixing(true)
  useKeysOfPage({ step, diff, fix, close })
  const failed = actions.stop.error ?? actions.resume.error
  return (
    <>
      <EvalHeader page={page} actions={actions} />
      <Page>
        {failed && <Failure error={failed} />}
        <ProgressPanel page={page} actions={actions} />
        {isRecording && <RecordingPanel page={page} />}
        <ScoreTable page={page} names={names} />
        <div
          className={cn(
            'grid items-start gap-3 sm:gap-4',
            row && 'wide:grid-cols-[minmax(0,1fr)_clamp(26rem,40%,40rem)]',
          )}
        >
          <Grid
            page={page}
            view={view}
            change={change}
            names={names}
            stale={stale}
            onChoose={({ key }) => change({ row: key === view.row ? null : key })}
          />
          {row && (
            <RowPanel page={page} row={row} names={names} view={view} change={change} onClose={close} />
          )}
        </div>
        {isOfDataset && page.state === 'done' && page.columns.some(isTuned) && <CostPanel evalId={page.id} />}
      </Page>
      {isOfDataset && <FixBar page={page} row={row} diff={view.diff} onDiff={diff} onFix={fix} />}
      {fixing && row && (
        <FixDialog key={row.key} page={page} row={row} names={names} onClose={() => setFixing(false)} />
      )}
    </>
  )
}

/** Returns to the first page if the current page no longer exists, for example after a filter leaves fewer rows. */
function useWithin(page: Evaluation | undefined, stale: boolean, view: View, change: Change) {
  const beyond = page !== undefined && !stale && view.page > 1 && page.offset >= page.total
  useEffect(() => {
    if (beyond) change({ page: 1 })
  })
}

/** An evaluation: progress, scores of each model, and every row with its answers. */
export function EvalPage({ evalId }: { evalId: string }) {
  const t = useTranslations('evals')
  const [view, change] = useQueryStates(evalAddress)
  const { data, error, refetch, isFetching, isPlaceholderData } = useEval(evalId, view)
  useWithin(data, isPlaceholderData, view, change)
  useLive(null)
  if (data) return <Body page={data} stale={isPlaceholderData} view={view} change={change} />
  return (
    <>
      <PageHeader crumbs={[{ label: t('title'), href: '/evals' }, { label: t('page.name') }]} />
      <Page>
        {error && (
          <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
        )}
      </Page>
    </>
  )
}
