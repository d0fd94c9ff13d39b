'use client'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { WordDiff } from '#components/ui/word-diff.tsx'
import { fromWire } from '#lib/core/errors.ts'
import type { Grade, Grader } from '#lib/evals/graders/schema.ts'
import type { Cell } from '#lib/evals/schema.ts'
import { CellState } from './cell-state.tsx'
import { useGraderName, useGradeWords } from './grade-words.ts'

function GradeState({ grade: { passed } }: { grade: Grade }) {
  const t = useTranslations('evals.page.cell')
  if (passed === null)
    return (
      <State tone="warn" kind="ring" quiet>
        {t('notGraded')}
      </State>
    )
  return (
    <State tone={passed ? 'ok' : 'bad'} kind={passed ? 'full' : 'ring'} quiet>
      {t(passed ? 'passed' : 'notPassed')}
    </State>
  )
}

function Grades({ cell, graders }: { cell: Cell; graders: readonly Grader[] }) {
  const t = useTranslations('evals.page')
  const nameOf = useGraderName()
  const wordsOf = useGradeWords()
  if (!cell.grades) return null
  return (
    <ul aria-label={t('grades')} className="grid gap-1 border-t px-4 py-2">
      {graders.map((grader, index) => {
        const grade = cell.grades?.[index]
        if (!grade) return null
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a grade is identified by its grader's index
          <li key={index} className="flex flex-wrap items-baseline gap-x-2">
            <GradeState grade={grade} />
            <span className="text-meta">{nameOf(grader)}</span>
            <bdi className="wrap-anywhere text-3 text-meta">{wordsOf(grader, grade)}</bdi>
          </li>
        )
      })}
    </ul>
  )
}

/** The model that the server reports, and the usage of the answer. */
function Provenance({ cell }: { cell: Cell }) {
  const { count, dollars, duration } = useFormat()
  const t = useTranslations('evals.page.provenance')
  if (cell.answeredAt === null && !cell.requestId) return null
  const figures = [
    cell.promptTokens !== null &&
      t('tokensOf', { prompt: count(cell.promptTokens), completion: count(cell.completionTokens) }),
    cell.totalMs !== null && duration(cell.totalMs),
    dollars(cell.cost),
    cell.finishReason,
    cell.fromCache && t('cached'),
  ].filter((one) => typeof one === 'string')
  return (
    <footer className="flex flex-wrap items-center gap-x-3 gap-y-0.5 rounded-b-lg border-t bg-sunken px-4 py-1.5 text-3 text-meta tabular-nums">
      <span>{t('reported')}</span>
      {cell.reportedModel ? <TruncatedId id={cell.reportedModel} head={14} tail={10} /> : <span>–</span>}
      {cell.requestId && <TruncatedId id={cell.requestId} head={10} tail={4} />}
      <bdi>{figures.join(' · ')}</bdi>
    </footer>
  )
}

function Words({ cell, against }: { cell: Cell; against: string | null }) {
  const t = useTranslations('evals.page')
  const { state, text, error, finishReason } = cell
  return (
    <div className="grid gap-2 px-4 py-3 text-read">
      {text !== null && text !== '' && against !== null && <WordDiff before={against} after={text} />}
      {text !== null && text !== '' && against === null && (
        <p dir="auto" className="people-text">
          {text}
        </p>
      )}
      {text === '' && state === 'answered' && <p className="text-3">{t('noAnswer')}</p>}
      {state === 'waiting' && <p className="text-3">{t('notAsked')}</p>}
      {state === 'asked' && <p className="text-3">{t('underWay')}</p>}
      {(state === 'interrupted' || state === 'lost' || state === 'skipped') && (
        <p className="text-3 text-meta">{t(state)}</p>
      )}
      {state === 'answered' && finishReason === 'length' && (
        <p className="text-meta text-warn">{t('length')}</p>
      )}
      {error && <Failure error={fromWire({ error })} />}
    </div>
  )
}

interface AnswerCardProps {
  /** Accessible name of the column select. */
  label: string
  cell: Cell
  graders: readonly Grader[]
  names: readonly string[]
  /** The expected answer for a word-by-word comparison; null without one. */
  against: string | null
  onColumn: (column: number) => void
}

/** The answer of one model to the row, with its grades. */
export function AnswerCard({ label, cell, graders, names, against, onColumn }: AnswerCardProps) {
  return (
    <article aria-label={names[cell.column]} className="min-w-0 rounded-lg border bg-surface">
      <header className="flex min-h-10 items-center gap-2 border-b py-1 ps-3 pe-4">
        <Select
          size="sm"
          aria-label={label}
          className="min-w-0 max-w-56"
          value={String(cell.column)}
          options={names.map((name, index) => ({ value: String(index), label: name }))}
          onValueChange={(column) => onColumn(Number(column))}
        />
        <span className="ms-auto">
          <CellState cell={cell} />
        </span>
      </header>
      <Words cell={cell} against={against} />
      <Grades cell={cell} graders={graders} />
      <Provenance cell={cell} />
    </article>
  )
}
