'use client'
import { useTranslations } from 'use-intl'
import { useGradeWords } from '#components/evals/page/grade-words.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { count } from '#components/ui/format.ts'
import { Segmented } from '#components/ui/segmented.tsx'
import { State } from '#components/ui/state.tsx'
import type { Grade } from '#lib/evals/graders/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'

export type View = 'verse' | 'raw'

interface VerdictProps {
  column: Column
  /** All answers of the pane, this one among them. */
  samples: readonly Column[]
  verse: readonly string[] | null
  /** What the grader of limericks says of it, once it has ended. */
  grade: Grade | undefined
  view: View
  onView: (view: View) => void
  maxTokens: number
}

/** How much several answers to one question differ. */
function Spread({ samples }: { samples: readonly Column[] }) {
  const t = useTranslations('playground')
  const whole = samples.filter(({ state }) => state === 'finished')
  if (samples.length < 2 || whole.length < 2) return null
  const lengths = whole.flatMap(({ facts }) => facts.completionTokens ?? [])
  return (
    <span className="truncate text-3 text-meta">
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
  verse: readonly string[]
  grade: Grade | undefined
}

/** Whether it is a limerick, by the same grader as in an evaluation; how many parts are written until that is known. */
function Form({ column, verse, grade }: FormProps) {
  const t = useTranslations('playground')
  const words = useGradeWords()
  if (!grade || grade.passed === null)
    return (
      <State quiet kind="half" tone={isOpen(column) ? 'busy' : 'mute'}>
        {t('parts', { count: verse.filter(Boolean).length })}
      </State>
    )
  return (
    <State quiet kind={grade.passed ? 'full' : 'half'} tone={grade.passed ? 'ok' : 'warn'}>
      {words({ kind: 'limerick' }, grade)}
    </State>
  )
}

/** What can be said of the answer's form, and how to look at it. The row keeps its height when there is nothing to say. */
export function Verdict({ column, samples, verse, grade, view, onView, maxTokens }: VerdictProps) {
  const t = useTranslations('playground')
  const cut = column.facts.finishReason === 'length'
  return (
    <div className="flex h-10 items-center gap-3 px-4 sm:px-5">
      {verse && <Form column={column} verse={verse} grade={grade} />}
      {cut && (
        <State quiet tone="warn">
          {t('cutAt', { max: column.facts.completionTokens ?? maxTokens })}
        </State>
      )}
      <Spread samples={samples} />
      <span className="ms-auto flex items-center gap-1">
        {verse && (
          <Segmented
            label={t('view')}
            value={view}
            onValueChange={onView}
            options={[
              { value: 'verse', label: t('verse') },
              { value: 'raw', label: t('raw') },
            ]}
          />
        )}
        {column.text && !isOpen(column) && <CopyButton text={column.text} label={t('copyAnswer')} />}
      </span>
    </div>
  )
}
