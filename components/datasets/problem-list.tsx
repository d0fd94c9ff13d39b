'use client'
import { useTranslations } from 'use-intl'
import { Dot } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import type { Issue } from '#lib/examples/issue.ts'
import { DatasetState } from './dataset-state.tsx'
import { issueKey, useIssueWords } from './issue-words.ts'

/** Places shown per rule; the rest is counted. */
const SHOWN = 12

export interface ProblemListProps {
  dataset: DatasetSummary
  issues: readonly Issue[]
  errors: number
  onGoTo: (issue: Issue) => void
}

/** Errors first, then by how often. */
function grouped(issues: readonly Issue[]): Issue[][] {
  const groups = Map.groupBy(issues, issueKey)
  const rank = ([first]: Issue[]) => (first?.severity === 'error' ? 0 : 1)
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.length - a.length)
}

function Group({ issues, onGoTo }: { issues: Issue[]; onGoTo: (issue: Issue) => void }) {
  const t = useTranslations('datasets.problems')
  const words = useIssueWords()
  const [first] = issues
  if (!first) return null
  const places = issues.filter(({ row, rule }) => row !== undefined || rule === 'blank-line').slice(0, SHOWN)
  return (
    <li className="grid gap-2 border-b px-4 py-3">
      <h3 className="flex items-center gap-2 font-mono text-meta">
        <Dot tone={first.severity === 'error' ? 'bad' : 'warn'} />
        <span className="sr-only">{t(first.severity)}</span>
        <bdi dir="ltr">{first.rule}</bdi>
        {places.length > 0 && <span className="ms-auto text-3 tabular-nums">{issues.length}</span>}
      </h3>
      <p className="text-2">{words(first)}</p>
      {places.length > 0 && (
        <p className="flex flex-wrap gap-x-3 gap-y-1 font-mono text-meta">
          {places.map((issue) => (
            <button
              key={`${issue.line}:${issue.column}:${issue.path}`}
              type="button"
              className="rounded-xs text-accent hover:underline"
              aria-label={t('goTo', { line: issue.line, column: issue.column })}
              onClick={() => onGoTo(issue)}
            >
              {issue.line}:{issue.column}
            </button>
          ))}
          {issues.length > SHOWN && (
            <span className="font-sans text-3">{t('more', { count: issues.length - SHOWN })}</span>
          )}
        </p>
      )}
    </li>
  )
}

/** All problems of the dataset, by rule; each place leads to its row. */
export function ProblemList({ dataset, issues, errors, onGoTo }: ProblemListProps) {
  const t = useTranslations('datasets')
  const warnings = issues.filter(({ severity }) => severity === 'warning').length
  return (
    <>
      <header className="flex min-h-12 flex-wrap items-center gap-2 border-b px-4">
        <h2 className="font-semibold">{t('problems.title')}</h2>
        <DatasetState state={dataset.state} errors={errors} quiet />
        {warnings > 0 && (
          <span className="ms-auto text-3 text-meta">{t('warnings', { count: warnings })}</span>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {issues.length === 0 ? (
          <p className="px-4 py-4">
            <State tone="ok" quiet>
              {t('problems.none', { rows: dataset.train.examples + dataset.heldout.examples })}
            </State>
          </p>
        ) : (
          <ul>
            {grouped(issues).map((group) => (
              <Group key={group[0] && issueKey(group[0])} issues={group} onGoTo={onGoTo} />
            ))}
          </ul>
        )}
      </div>
    </>
  )
}
