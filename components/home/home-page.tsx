'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import { useLive } from '#components/jobs/use-live.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { AfterTraining } from '#lib/home/after-training.ts'
import { presentJobsQuery } from '#lib/jobs/queries.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import { DatasetsPanel } from './datasets-panel.tsx'
import type { ExampleRow } from './example-row.ts'
import { ImportCard } from './import-card.tsx'
import { JobsPanel } from './jobs-panel.tsx'
import { NextCard } from './next-card.tsx'
import { nextStep } from './next-step.ts'
import { ProgressSteps } from './progress-steps.tsx'
import { ShutdownPanel } from './shutdown-panel.tsx'

interface HomePageProps {
  example: ExampleRow | null
  after: AfterTraining | null
  /** ms; taken on the server, so that server and browser render the same number of days. */
  today: number
}

/** The next step and an overview: one primary button, derived from the stored datasets and jobs. */
export function HomePage({ example, after, today }: HomePageProps) {
  const t = useTranslations('home')
  const { data: datasets = [] } = useQuery(datasetsQuery())
  const { data: providers } = useQuery(providersQuery())
  const { data: jobs = [] } = useQuery(presentJobsQuery())
  useLive(null)
  const next = nextStep(
    datasets,
    jobs.map((job) => ({ ...job, name: jobName(job) })),
    after,
  )
  const own = datasets.filter(({ sample }) => sample === null)
  const local = providers?.every(({ id }) => id === 'embedded') ?? false
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]} heading={false}>
        {local && <span className="hidden text-3 text-meta sm:inline">{t('local')}</span>}
      </PageHeader>
      <Page>
        <h1 className="text-page">{t(`heading.${next.step}`)}</h1>
        {local && <p className="text-3 text-meta sm:hidden">{t('local')}</p>}
        <div className="grid gap-3 sm:gap-4 wide:grid-cols-[minmax(0,2.6fr)_minmax(0,1fr)]">
          <NextCard next={next} example={example} />
          <ImportCard />
        </div>
        <ProgressSteps
          now={next.step}
          rows={own.reduce((sum, { train, heldout }) => sum + train.examples + heldout.examples, 0)}
          ready={own.filter(({ state }) => state === 'ready').length}
          runs={jobs.length}
        />
        <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_328px]">
          <Panel>
            <JobsPanel jobs={jobs} />
            <DatasetsPanel datasets={datasets} />
          </Panel>
          <ShutdownPanel today={today} />
        </div>
      </Page>
    </>
  )
}
