'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { evalQuery, quizQuery, startQuizMutation } from '#lib/evals/queries.ts'
import type { EvalPage, EvalRow, Quiz } from '#lib/evals/schema.ts'
import { SIGNIFICANT } from '#lib/evals/significance.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { UnderWay } from './scores-offer.tsx'

/** Only the rows that one of the two models answers right. */
const MOVED = { filter: 'different', limit: 200 } as const

/** Not started: what it does, and its button. */
function Offer({ quiz, onStart }: { quiz: Quiz; onStart: () => void }) {
  const t = useTranslations('quiz')
  const { jobId, questions, example } = quiz
  const start = useMutation({ ...startQuizMutation(jobId), onSuccess: onStart })
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <p className="min-w-0 flex-1 basis-72 text-2">
          {t.rich('offer', { count: questions, example, q: (words) => <bdi>{words}</bdi> })}
        </p>
        <Button size="sm" busy={start.isPending} busyLabel={t('starting')} onClick={() => start.mutate()}>
          {t('start')}
        </Button>
      </div>
      {start.error && <Failure error={start.error} />}
    </>
  )
}

const Said = ({ by, children }: { by: string; children: ReactNode }) => (
  <>
    <dt className="text-3">{by}</dt>
    <dd dir="auto" className="people-text min-w-0">
      {children}
    </dd>
  </>
)

/** One fact: what was asked, what is right, and what each model said. */
function Fact({ row: { verdict, messages, expected, cells } }: { row: EvalRow }) {
  const t = useTranslations('quiz')
  const lost = verdict === 'worse'
  return (
    <li className="grid gap-1 px-4 py-2.5">
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Chip tone={lost ? 'warn' : 'ok'}>{t(lost ? 'lost' : 'gained')}</Chip>
        <span dir="auto" className="font-medium">
          {messages.at(-1)?.text}
        </span>
        <span className="text-3 text-meta">
          {t.rich('expected', { expected, answer: (words) => <bdi>{words}</bdi> })}
        </span>
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-meta">
        <Said by={t('base')}>{cells[0]?.text}</Said>
        <Said by={t('tuned')}>{cells[1]?.text}</Said>
      </dl>
    </li>
  )
}

/** Lost facts before gained ones, each in the order of the questions. */
function Facts({ rows }: { rows: readonly EvalRow[] }) {
  const t = useTranslations('quiz')
  const lostFirst = rows.toSorted((a, b) => (a.change ?? 0) - (b.change ?? 0))
  if (rows.length === 0) return null
  return (
    <section
      aria-label={t('list')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      className="max-h-96 overflow-y-auto rounded-b-lg border-t"
    >
      <ul className="divide-y">
        {lostFirst.map((row) => (
          <Fact key={row.key} row={row} />
        ))}
      </ul>
    </section>
  )
}

/** How many facts each model knows, and whether the difference is more than chance. */
function Counts({ page: { id, columns, rowCount, rows, difference } }: { page: EvalPage }) {
  const t = useTranslations('quiz')
  const { pValue } = useFormat()
  const [base, tuned] = columns
  if (!base || !tuned) return null
  const lost = rows.filter(({ verdict }) => verdict === 'worse').length
  const p = difference?.p ?? 1
  const chance = { p: pValue(p), sure: p < SIGNIFICANT ? 'yes' : 'no' }
  const missing = columns.reduce((sum, { overall }) => sum + rowCount - overall.n, 0)
  return (
    <div className="grid gap-0.5 px-4 py-3 tabular-nums">
      <p role="status" className="font-semibold">
        {t('counts', { questions: rowCount, base: base.overall.passed, tuned: tuned.overall.passed })}
      </p>
      <p className="text-3 text-meta">
        {rows.length === 0 ? t('none') : t('moved', { lost, gained: rows.length - lost, ...chance })}
      </p>
      {missing > 0 && (
        <p className="text-2 text-meta">
          {t.rich('missing', {
            count: missing,
            link: (words) => <TextLink href={`/evals/${id}`}>{words}</TextLink>,
          })}
        </p>
      )}
    </div>
  )
}

/** The answers so far, and the facts that were lost or gained once all are here. */
function Answers({ evalId }: { evalId: string }) {
  const t = useTranslations('quiz')
  const { data: page, error, refetch, isFetching } = useQuery(evalQuery(evalId, MOVED))
  if (error && !page) return <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (!page)
    return (
      <p role="status" className="flex min-h-16 items-center px-4">
        <span className="sr-only">{t('loading')}</span>
        <Skeleton className="w-60" />
      </p>
    )
  if (page.state !== 'done') return <UnderWay evalId={evalId} state={page.state} />
  return (
    <>
      <Counts page={page} />
      <Facts rows={page.rows} />
    </>
  )
}

/** What a model of the shipped base has forgotten by its training; renders nothing for other jobs. */
export function QuizPanel({ job }: { job: Pick<JobDetail, 'id' | 'status'> }) {
  const t = useTranslations('quiz')
  const asked = useQuery({ ...quizQuery(job.id), enabled: job.status === 'succeeded' })
  const { data: quiz, error, refetch, isFetching } = asked
  const body = useRef<HTMLDivElement>(null)
  if (error && !quiz) return <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (!quiz) return null
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta', { count: quiz.questions })}>
        {quiz.evalId && (
          <TextLink href={`/evals/${quiz.evalId}`} className="text-meta">
            {t('all')}
          </TextLink>
        )}
      </PanelHead>
      <div ref={body} tabIndex={-1} className="outline-none">
        {quiz.evalId ? (
          <Answers evalId={quiz.evalId} />
        ) : (
          // The button goes when the quiz starts: the focus stays in the panel.
          <Offer quiz={quiz} onStart={() => body.current?.focus()} />
        )}
      </div>
    </Panel>
  )
}
