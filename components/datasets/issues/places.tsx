import { useTranslations } from 'use-intl'
import type { Issue } from '#lib/training-data/issue.ts'
import { useIssueWords } from './issue-words.ts'

/** Locations shown per message; the rest is counted. */
const SHOWN = 12

type GoTo = (issue: Issue) => void

function Place({ issue, onGoTo }: { issue: Issue; onGoTo: GoTo }) {
  const t = useTranslations('issues')
  const words = useIssueWords()
  const { line, column } = issue
  return (
    <button
      type="button"
      className="rounded-xs text-accent hover:underline"
      aria-label={t('goTo', { line, column })}
      title={t('at', { column, words: words(issue) })}
      onClick={() => onGoTo(issue)}
    >
      {t('place', { line })}
    </button>
  )
}

/** The row that it duplicates. */
function Twin({ issue, first, onGoTo }: { issue: Issue; first: number; onGoTo: GoTo }) {
  const t = useTranslations('issues')
  return (
    <>
      {' '}
      <button
        type="button"
        className="rounded-xs text-accent hover:underline"
        aria-label={t('goToTwin', { line: first, other: issue.line })}
        onClick={() => onGoTo({ ...issue, line: first, column: 1 })}
      >
        {t('twin', { line: first })}
      </button>
    </>
  )
}

/** Locations of an issue; for a pair of similar rows, both. */
export function Places({ issues, onGoTo }: { issues: readonly Issue[]; onGoTo: GoTo }) {
  const t = useTranslations('issues')
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 text-meta tabular-nums">
      {issues.slice(0, SHOWN).map((issue) => (
        <span key={`${issue.line}:${issue.column}:${issue.path}`} className="whitespace-nowrap">
          <Place issue={issue} onGoTo={onGoTo} />
          {typeof issue.values.first === 'number' && (
            <Twin issue={issue} first={issue.values.first} onGoTo={onGoTo} />
          )}
        </span>
      ))}
      {issues.length > SHOWN && <span className="text-3">{t('more', { count: issues.length - SHOWN })}</span>}
    </p>
  )
}
