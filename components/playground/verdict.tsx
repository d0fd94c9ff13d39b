'use client'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useTranslations } from 'use-intl'
import { useGradeWords } from '#components/evals/page/grade-words.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { State } from '#components/ui/state.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { domain } from '#lib/domain/domain.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'

export type View = 'lines' | 'formatted' | 'raw' | 'tokens'

interface VerdictProps {
  column: Column
  /** All answers of the pane, including this one. */
  samples: readonly Column[]
  lines: readonly string[] | null
  /** The result of the domain's grader, once the answer has ended. */
  grade: Grade | undefined
  /** The views to choose from. */
  views: readonly View[]
  view: View
  onView: (view: View) => void
  maxTokens: number
  /** Whether a vote was cast on these answers, which then stay. */
  voted: boolean
  onAgain: () => void
}

/** How much several answers to one question differ. */
function Spread({ samples }: { samples: readonly Column[] }) {
  const { count } = useFormat()
  const t = useTranslations('playground')
  const whole = samples.filter(({ state }) => state === 'finished')
  if (samples.length < 2 || whole.length < 2) return null
  const lengths = whole.flatMap(({ facts }) => facts.completionTokens ?? [])
  return (
    <span className="text-3 text-meta">
      {t('spread', {
        count: whole.length,
        different: new Set(whole.map(({ text }) => text.trim())).size,
        least: count(Math.min(...lengths)),
        most: count(Math.max(...lengths)),
      })}
    </span>
  )
}

interface FormProps {
  column: Column
  lines: readonly string[]
  grade: Grade | undefined
}

/** The result of the domain's grader, as in an evaluation; until then, the number of parts written so far. */
export function Form({ column, lines, grade }: FormProps) {
  const t = useTranslations('playground')
  const words = useGradeWords()
  if (!grade || grade.passed === null)
    return (
      <State quiet kind="half" tone={isOpen(column) ? 'busy' : 'mute'}>
        {t('parts', { count: lines.filter(Boolean).length })}
      </State>
    )
  return (
    <State quiet kind={grade.passed ? 'full' : 'half'} tone={grade.passed ? 'ok' : 'warn'}>
      {words(domain.linesGrader, grade)}
    </State>
  )
}

/** The views that an answer has. */
export const viewsOf = (
  { tokens }: Column,
  lines: readonly string[] | null,
  isFormatted: boolean,
): View[] => [
  ...(lines ? (['lines'] as const) : []),
  ...(isFormatted ? (['formatted'] as const) : []),
  'raw',
  ...(tokens.length > 0 ? (['tokens'] as const) : []),
]

/** Checks of the answer's form, and display options. The row keeps its height when it is empty. */
export function Verdict(props: VerdictProps) {
  const { column, samples, lines, grade, views, view, onView, maxTokens, voted, onAgain } = props
  const t = useTranslations('playground')
  const cut = column.facts.finishReason === 'length'
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1 sm:px-5">
      {lines && <Form column={column} lines={lines} grade={grade} />}
      {cut && (
        <State quiet tone="warn">
          {t('cutAt', { max: column.facts.completionTokens ?? maxTokens })}
        </State>
      )}
      <Spread samples={samples} />
      <span className="ms-auto flex items-center gap-1">
        {views.length > 1 && (
          <Segmented
            label={t('view')}
            value={view}
            onValueChange={onView}
            options={views.map((value) => ({ value, label: t(value) }))}
          />
        )}
        {column.state === 'finished' && (
          <IconButton
            size="sm"
            label={t('askAgain')}
            disabled={voted}
            reason={voted ? t('askAgainVoted') : undefined}
            onClick={onAgain}
          >
            <RefreshCw size={14} aria-hidden />
          </IconButton>
        )}
        {column.text && !isOpen(column) && <CopyButton text={column.text} label={t('copyAnswer')} />}
      </span>
    </div>
  )
}
