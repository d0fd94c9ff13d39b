'use client'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { State } from '#components/ui/state.tsx'
import type { BulkChange, DatasetReport, DatasetSummary } from '#lib/datasets/schema.ts'
import type { Issue, RuleId } from '#lib/training-data/issue.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { DatasetState } from '../dataset-state.tsx'
import { ModelVerdict } from '../verdict/model-verdict.tsx'
import { useUnfit } from '../verdict/use-unfit.ts'
import { type RuleGroup as Group, grouped, safelyFixable } from './grouped.ts'
import { RuleGroup } from './rule-group.tsx'
import { RulesDialog } from './rules-dialog.tsx'
import { useKeptFocus } from './use-kept-focus.ts'

export interface ProblemListProps {
  dataset: DatasetSummary
  report: DatasetReport
  /** Issues of all rows, with live issues for the open one. */
  issues: readonly Issue[]
  /** Number of errors, including those that the report only counts. */
  errors: number
  onGoTo: (issue: Issue) => void
  /** Filters the list to the rows with issues of a rule. */
  onFilter: (rule: RuleId) => void
  /** Requests a change, which the user reviews before it is applied. */
  onChange: (change: BulkChange) => void
}

function FixSafe({
  groups,
  refused,
  onChange,
}: Pick<ProblemListProps, 'onChange'> & { groups: readonly Group[]; refused: string | null }) {
  const t = useTranslations('issues')
  const safe = safelyFixable(groups)
  if (safe.length === 0) return null
  const count = safe.reduce((sum, { repairs }) => sum + (repairs.fix ?? 0), 0)
  const fix = () => onChange({ kind: 'fix', rules: safe.map(({ rule }) => rule) })
  return (
    <div className="grid justify-items-start gap-1.5 border-b px-4 py-3">
      <Button size="sm" disabled={refused !== null} reason={refused} onClick={fix}>
        {t('fixSafe', { count })}
      </Button>
      <p className="text-3 text-meta">{t('fixSafeHint')}</p>
    </div>
  )
}

function Nothing({ dataset: { train, heldout } }: Pick<ProblemListProps, 'dataset'>) {
  const t = useTranslations('issues')
  const rows = train.examples + heldout.examples
  return (
    <p className="border-b px-4 py-4">
      {rows === 0 ? (
        <span className="text-3">{t('empty')}</span>
      ) : (
        <State tone="ok" quiet>
          {t('none', { rows })}
        </State>
      )}
    </p>
  )
}

const Foot = () => {
  const t = useTranslations('issues.rules')
  return (
    <footer className="grid justify-items-start gap-1 px-4 py-3">
      <p className="text-3 text-meta">{t('count', { count: ruleDocs.length })}</p>
      <RulesDialog
        trigger={
          <button type="button" className="rounded-xs font-medium text-accent hover:underline">
            {t('all')}
          </button>
        }
      />
    </footer>
  )
}

/** All issues of the dataset by rule; each location links to its row, and available fixes are offered. */
export function ProblemList({ dataset, report, issues, errors, ...on }: ProblemListProps) {
  const t = useTranslations('issues')
  const groups = useMemo(() => grouped(issues, report), [issues, report])
  const all = groups.reduce((sum, { count }) => sum + count, 0)
  const refused = dataset.busy ? t('busy') : null
  const unfitFor = useUnfit(dataset.id)
  const kept = useKeptFocus<HTMLDivElement>(groups)
  return (
    <>
      <header className="flex min-h-12 flex-wrap items-center gap-x-2 gap-y-1 border-b px-4 py-1">
        <h2 className="font-semibold">{t('title')}</h2>
        <DatasetState
          state={dataset.state}
          errors={errors}
          warnings={Math.max(0, all - errors)}
          busy={dataset.busy}
          unfitFor={unfitFor}
          quiet
        />
      </header>
      <div {...kept} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <ModelVerdict datasetId={dataset.id} onGoTo={on.onGoTo} />
        {groups.length === 0 && <Nothing dataset={dataset} />}
        <FixSafe groups={groups} refused={refused} onChange={on.onChange} />
        {groups.length > 0 && (
          <ul>
            {groups.map((group) => (
              <RuleGroup
                key={group.rule}
                datasetId={dataset.id}
                group={group}
                usualSystem={report.usualSystem}
                refused={refused}
                {...on}
              />
            ))}
          </ul>
        )}
        <Foot />
      </div>
    </>
  )
}
