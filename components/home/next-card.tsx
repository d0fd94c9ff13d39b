'use client'
import { useTranslations } from 'use-intl'
import { AnswerLines } from '#components/domain/domain.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { Tile } from '#components/ui/tile.tsx'
import { domain, FIRST_SAMPLE } from '#lib/domain/domain.ts'
import type { ExampleRow } from './example-row.ts'
import type { NextStep, RunFacts } from './next-step.ts'
import { TrainSample } from './train-sample.tsx'

function watchWords({ run, failed, waits }: Extract<NextStep, { step: 'watch' }>) {
  if (failed) return 'failed'
  if (run.status === 'paused') return 'paused'
  return waits ? 'waits' : 'watch'
}

/** Link and label of each step. */
function signpost(next: NextStep) {
  switch (next.step) {
    case 'write':
      return { href: '/datasets', words: 'write', name: '', count: 0 } as const
    case 'check':
      return {
        href: `/datasets/${next.dataset.id}`,
        words: 'check',
        name: next.dataset.name,
        count: 0,
      } as const
    case 'train': {
      const { id, name, sample, train } = next.dataset
      const words = sample === FIRST_SAMPLE ? 'sample' : 'train'
      return { href: `/jobs/new?dataset=${id}`, words, name, count: train.examples } as const
    }
    case 'watch':
      return {
        href: `/jobs/${next.run.id}`,
        words: watchWords(next),
        name: next.run.name,
        count: 0,
      } as const
    case 'compare':
      return {
        href: `/playground?job=${next.run.id}`,
        words: 'compare',
        name: next.run.name,
        count: 0,
      } as const
    case 'judge':
      return { href: `/evals/new?job=${next.run.id}`, words: 'judge', name: next.run.name, count: 0 } as const
    case 'use':
      return { href: '/models', words: 'use', name: next.run.name, count: 0 } as const
    case 'fix':
      return { href: `/evals/${next.evalId}`, words: 'fix', name: next.run.name, count: 0 } as const
  }
}

function Sample({ row }: { row: ExampleRow }) {
  const t = useTranslations('home')
  const lines = domain.linesOf(row.answer, true)
  const label = domain.rowLabel(row.question)
  return (
    <figure className="m-0 hidden content-start gap-2.5 border-s ps-6 sm:grid">
      <figcaption className="flex items-center gap-2.5 text-2">
        {label && <Tile>{label}</Tile>}
        <bdi>{row.question}</bdi>
      </figcaption>
      <div className="px-5 leading-[22px]">
        {lines ? <AnswerLines lines={lines} /> : <p dir="auto">{row.answer}</p>}
      </div>
      <p className="text-3 text-meta">{t('exampleRow', { number: row.number })}</p>
    </figure>
  )
}

/** How far the job has come. */
function Reached({ run: { step, totalSteps } }: { run: RunFacts }) {
  const t = useTranslations('jobs.rail')
  if (!step || !totalSteps) return null
  const words = t('steps', { step, total: totalSteps })
  return (
    <div className="grid max-w-[52ch] gap-1.5">
      <ProgressBar value={step} max={totalSteps} label={words} />
      <span className="text-3 text-meta tabular-nums">{words}</span>
    </div>
  )
}

/** The next thing to do; before the first job, with a sample row beside it. As high without the row as with it. */
export function NextCard({ next, example }: { next: NextStep; example: ExampleRow | null }) {
  const t = useTranslations('home.next')
  const { href, words, name, count } = signpost(next)
  return (
    <Panel className="grid gap-6 p-5 sm:min-h-57 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="flex min-w-0 flex-col gap-3">
        <h2 className="text-section">
          <bdi>{t(`${words}.title`, { name })}</bdi>
        </h2>
        <p className="max-w-[52ch] text-2">{t(`${words}.sentence`, { count })}</p>
        {next.step === 'watch' && words === 'watch' && <Reached run={next.run} />}
        <div className="mt-auto grid gap-2 pt-2">
          {next.step === 'train' && words === 'sample' ? (
            <TrainSample datasetId={next.dataset.id} form={href} />
          ) : (
            <LinkButton variant="primary" href={href} className="justify-self-start">
              {t(`${words}.action`)}
            </LinkButton>
          )}
        </div>
      </div>
      {example && words === 'sample' && <Sample row={example} />}
    </Panel>
  )
}
