'use client'
import { useTranslations } from 'use-intl'
import { AnswerLines } from '#components/domain/domain.ts'
import { cn } from '#components/ui/cn.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { domain } from '#lib/domain/domain.ts'
import type { EvalPage, EvalRow } from '#lib/evals/schema.ts'

interface AnswerProps {
  title: string
  text: string
  isTuned?: boolean
}

function Answer({ title, text, isTuned }: AnswerProps) {
  const lines = domain.linesOf(text, true)
  return (
    <div className="min-w-0 px-5 py-3 not-first:max-sm:border-t not-first:sm:border-s">
      <h4 className={cn('mb-1 text-micro', isTuned ? 'text-accent' : 'text-3')}>{title}</h4>
      {lines ? (
        <AnswerLines lines={lines} />
      ) : (
        <p dir="auto" className="people-text">
          {text || '–'}
        </p>
      )}
    </div>
  )
}

const questionOf = ({ messages }: EvalRow): string =>
  messages.findLast(({ role }) => role === 'user')?.text ?? ''

interface AnswersProps {
  page: EvalPage
  jobId: string
}

/** The first questions, with the answers of the base and of the fine-tuned model, and the expected one. */
export function ReportAnswers({ page: { rows, columns }, jobId }: AnswersProps) {
  const t = useTranslations('report.answers')
  const base = columns.find(({ kind }) => kind === 'base')
  const tuned =
    columns.findLast((column) => column.jobId === jobId && column.kind === 'final') ?? columns.at(-1)
  const textOf = ({ cells }: EvalRow, column: typeof base): string =>
    cells.find((cell) => cell.column === column?.index)?.text ?? ''
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} />
      {rows.map((row) => (
        <article key={row.key} className="border-t first-of-type:border-t-0">
          <h3 dir="auto" className="px-5 pt-3 font-medium">
            {questionOf(row)}
          </h3>
          <div className="grid sm:grid-cols-3">
            <Answer title={t('base')} text={textOf(row, base)} />
            <Answer title={t('tuned')} text={textOf(row, tuned)} isTuned />
            <Answer title={t('expected')} text={row.expected} />
          </div>
        </article>
      ))}
    </Panel>
  )
}
