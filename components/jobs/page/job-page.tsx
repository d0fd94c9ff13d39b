'use client'
import { useQuery } from '@tanstack/react-query'
import { QuizPanel } from '#components/evals/quiz-panel.tsx'
import { Page } from '#components/shell/page.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { jobQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { useStatusWord } from '../job-state.tsx'
import { type Live, useLive } from '../use-live.ts'
import { CheckpointsPanel } from './checkpoints-panel.tsx'
import { ConfigurationPanel } from './configuration-panel.tsx'
import { Curve } from './curve.tsx'
import { CutNote } from './cut-note.tsx'
import { DiagnosisNote } from './diagnosis-note.tsx'
import { EventsPanel } from './events-panel.tsx'
import { FirstAnswers } from './first-answers.tsx'
import { JobHeader } from './job-header.tsx'
import { useDoneNews } from './notify.ts'
import { usePausing } from './pause-button.tsx'
import { StatusRail } from './status-list.tsx'
import { StepPanel } from './step-panel.tsx'
import { SyncErrorNote } from './sync-error-note.tsx'
import { useDiagnosis } from './use-diagnosis.ts'
import { useTitleProgress } from './use-title-progress.ts'
import { useView } from './use-view.ts'

/** The layout is the same for active and finished jobs: only the answers at the end come in between. */
function Run({ job, live, baseURL }: { job: JobDetail; live: Live; baseURL: string }) {
  const word = useStatusWord()
  const diagnosis = useDiagnosis(job)
  const [view, onView] = useView()
  const pausing = usePausing(job)
  useTitleProgress(job)
  useDoneNews(job)
  const closeStep = () => {
    onView({ step: null })
    // The panel closes; move focus to the chart so that it is not lost.
    document.querySelector<HTMLElement>('[role="slider"]')?.focus()
  }
  return (
    <>
      <JobHeader job={job} pausing={pausing} baseURL={baseURL} />
      <p role="status" className="sr-only">
        {word(job.status)}
      </p>
      <Page>
        <StatusRail job={job} />
        {pausing.error && <Failure error={pausing.error} />}
        <SyncErrorNote job={job} />
        <DiagnosisNote job={job} diagnosis={diagnosis} />
        <CutNote job={job} />
        <FirstAnswers job={job} baseURL={baseURL} />
        <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_364px]">
          <div className="grid min-w-0 gap-3 sm:gap-4">
            <Curve job={job} label={diagnosis.text} view={view} onView={onView} />
            {view.step !== null && <StepPanel job={job} step={view.step} onClose={closeStep} />}
            <CheckpointsPanel job={job} baseURL={baseURL} />
            <QuizPanel job={job} />
          </div>
          <div className="grid min-w-0 gap-3 sm:gap-4">
            <EventsPanel job={job} live={live} />
            <ConfigurationPanel job={job} />
          </div>
        </div>
      </Page>
    </>
  )
}

interface JobPageProps {
  jobId: string
  /** Base URL of this installation's `/v1`. */
  baseURL: string
}

/** The page of one job, during and after training. */
export function JobPage({ jobId, baseURL }: JobPageProps) {
  const live = useLive(jobId)
  const { data: job, error, refetch, isFetching } = useQuery(jobQuery(jobId))
  if (job) return <Run job={job} live={live} baseURL={baseURL} />
  return <Page>{error && <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />}</Page>
}
