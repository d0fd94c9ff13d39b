'use client'
import { useTranslations } from 'use-intl'
import { AnswerLines } from '#components/domain/domain.ts'
import { useScores } from '#components/evals/use-scores.ts'
import { PaneEnding } from '#components/playground/pane-ending.tsx'
import { useGrade } from '#components/playground/use-grade.ts'
import { Form } from '#components/playground/verdict.tsx'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { domain } from '#lib/domain/domain.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { type Column, emptyColumn, isOpen } from '#lib/playground/columns.ts'
import { useFirstAnswers } from './use-first-answers.ts'
import { UseMenu } from './use-menu.tsx'

interface AnswerProps {
  title: string
  column: Column
  isTuned: boolean
  onRerun: () => void
}

/** One model's answer; its place is as high as five lines before the first word is there. */
function Answer({ title, column, isTuned, onRerun }: AnswerProps) {
  const open = isOpen(column)
  const lines = domain.linesOf(column.text, !open)
  const grade = useGrade(column, lines)
  return (
    <section
      aria-label={title}
      aria-busy={open}
      className={cn(
        'flex min-w-0 flex-col gap-2 px-4 py-3 sm:px-5',
        isTuned && 'max-sm:border-t sm:border-s',
      )}
    >
      <h3 className={cn('text-micro', isTuned ? 'text-accent' : 'text-3')}>{title}</h3>
      <div className="min-h-[5lh] text-answer">
        {(column.state === 'waiting' || column.state === 'empty') && <SkeletonAnswer />}
        {lines && <AnswerLines lines={lines} grade={grade} reserve={open} />}
        {!lines && column.text && (
          <p dir="auto" className="people-text">
            {column.text}
          </p>
        )}
        <PaneEnding column={column} onRerun={onRerun} />
      </div>
      <div className="mt-auto flex min-h-6 items-center">
        {lines && <Form column={column} lines={lines} grade={grade} />}
      </div>
    </section>
  )
}

interface FrameProps {
  question: string | null
  /** Ways on from here, or what is still awaited. */
  foot: React.ReactNode
  children: React.ReactNode
}

/** As high before the answers as with them, so that nothing below it moves when training ends. */
function Frame({ question, foot, children }: FrameProps) {
  const t = useTranslations('finish')
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={<bdi>{question}</bdi>} />
      {children}
      <div className="flex min-h-13 flex-wrap items-center gap-2 border-t px-4 py-2.5 sm:px-5">{foot}</div>
    </Panel>
  )
}

const sides = ['base', 'fine-tuned'] as const

/** What will be asked, while the model is trained. A phone has no room for it above the curve. */
function Awaited({ question }: { question: string }) {
  const t = useTranslations('finish')
  const titles = useTranslations('models.title')
  return (
    <div className="max-sm:hidden">
      <Frame question={question} foot={<p className="text-3 text-meta">{t('awaited')}</p>}>
        <div className="grid sm:grid-cols-2">
          {sides.map((side, place) => (
            <div key={side} className={cn('flex flex-col gap-2 px-4 py-3 sm:px-5', place > 0 && 'border-s')}>
              <h3 className="text-3 text-micro">{titles(side)}</h3>
              <div className="text-answer">
                <SkeletonAnswer />
              </div>
              <div className="min-h-6" />
            </div>
          ))}
        </div>
      </Frame>
    </div>
  )
}

interface FirstAnswersProps {
  job: JobDetail
  /** Base URL of `/v1`. */
  baseURL: string
}

function Card({ job, baseURL }: FirstAnswersProps) {
  const t = useTranslations('finish')
  const { id, columns, error, again } = useFirstAnswers(job)
  const titles = useTranslations('models.title')
  const { data: scores } = useScores(job)
  const foot = (
    <>
      <LinkButton href={`/playground?${new URLSearchParams({ job: job.id, c: id })}`}>{t('more')}</LinkButton>
      <LinkButton href={scores?.evalId ? `/evals/${scores.evalId}` : `/evals/new?job=${job.id}`}>
        {t('fix')}
      </LinkButton>
      <UseMenu job={job} baseURL={baseURL} />
    </>
  )
  return (
    <Frame question={job.question} foot={foot}>
      {error ? (
        <Failure error={error} />
      ) : (
        <div className="grid sm:grid-cols-2">
          {sides.map((side, place) => (
            <Answer
              key={side}
              title={titles(side)}
              column={columns[place] ?? emptyColumn}
              isTuned={place > 0}
              onRerun={() => void again(place)}
            />
          ))}
        </div>
      )}
    </Frame>
  )
}

/** One question that training never saw: named while the job runs, answered before and after once it has ended. */
export function FirstAnswers({ job, baseURL }: FirstAnswersProps) {
  const { status, question, fineTunedModel, providerId } = job
  // Asked without a click only where it costs nothing.
  if (question === null || providerId !== 'embedded') return null
  if (isActive(status)) return <Awaited question={question} />
  return status === 'succeeded' && fineTunedModel !== null ? <Card job={job} baseURL={baseURL} /> : null
}
