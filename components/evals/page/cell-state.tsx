import { useTranslations } from 'use-intl'
import type { DotKind } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'
import type { Cell } from '#lib/evals/schema.ts'

const LOOKS: Record<Exclude<Cell['state'], 'answered'> | 'grading', { tone: Tone; kind: DotKind }> = {
  waiting: { tone: 'mute', kind: 'ring' },
  grading: { tone: 'busy', kind: 'half' },
  asked: { tone: 'busy', kind: 'half' },
  interrupted: { tone: 'warn', kind: 'half' },
  failed: { tone: 'bad', kind: 'square' },
  lost: { tone: 'warn', kind: 'ring' },
  skipped: { tone: 'mute', kind: 'ring' },
}

/** The grades of an answer, or why there are none; nothing for an answer that was only recorded. */
export function CellState({ cell, quiet }: { cell: Cell; quiet?: boolean }) {
  const t = useTranslations('evals.page.cell')
  const { grades } = cell
  const state = cell.state === 'answered' ? 'grading' : cell.state
  if (state !== 'grading' || !grades)
    return (
      <State {...LOOKS[state]} quiet={quiet} pulse={state === 'asked' || state === 'grading'}>
        {t(state)}
      </State>
    )
  if (grades.length === 0) return null
  if (cell.passed === null)
    return (
      <State tone="warn" kind="ring" quiet={quiet}>
        {t('notGraded')}
      </State>
    )
  if (cell.passed)
    return (
      <State tone="ok" quiet={quiet}>
        {t('passed')}
      </State>
    )
  const passed = grades.filter((grade) => grade.passed).length
  return (
    <State tone={passed > 0 ? 'warn' : 'bad'} kind={passed > 0 ? 'half' : 'ring'} quiet={quiet}>
      {passed > 0 ? t('some', { passed, all: grades.length }) : t('notPassed')}
    </State>
  )
}
