'use client'
import Check from 'lucide-react/icons/check'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import type { Format } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { isActive, isTerminal } from '#lib/jobs/status.ts'
import { useStatusWord } from '../job-state.tsx'
import { useQueue } from '../use-queue.ts'
import { rowsOf } from './checkpoint-rows.ts'
import { type Stage, type StepState, stagesOf } from './status-steps.ts'
import { useNow } from './use-now.ts'

interface PartProps {
  name: string
  detail: string
  state: StepState | 'failed' | 'cancelled' | 'lost' | 'paused'
  /** Filled share of the progress bar while this stage is active. */
  progress?: number
  /** Time spent, or the end time. */
  children?: React.ReactNode
}

const dots: Record<PartProps['state'], { kind: DotKind; tone: Tone } | null> = {
  done: null,
  now: { kind: 'half', tone: 'busy' },
  stopped: { kind: 'half', tone: 'mute' },
  later: { kind: 'ring', tone: 'mute' },
  never: { kind: 'ring', tone: 'mute' },
  failed: { kind: 'full', tone: 'bad' },
  cancelled: { kind: 'ring', tone: 'mute' },
  lost: { kind: 'ring', tone: 'warn' },
  paused: { kind: 'half', tone: 'warn' },
}

const bars: Record<PartProps['state'], string> = {
  done: 'bg-accent',
  now: 'bg-busy',
  stopped: 'bg-base-model',
  later: '',
  never: '',
  failed: 'bg-bad',
  cancelled: 'bg-base-model',
  lost: '',
  paused: 'bg-warn-dot',
}

function Part({ name, detail, state, progress = 1, children }: PartProps) {
  const dot = dots[state]
  const quiet = state === 'later' || state === 'never'
  return (
    <li aria-current={state === 'now' || state === 'paused' ? 'step' : undefined} className="min-w-0">
      <span aria-hidden="true" className="block h-0.5 bg-line-strong">
        <span className={cn('block h-full', bars[state])} style={{ inlineSize: `${progress * 100}%` }} />
      </span>
      <div className="grid gap-x-2 pt-2 sm:grid-cols-[14px_minmax(0,1fr)_auto] sm:pe-3">
        <span className="hidden h-5 items-center sm:flex">
          {dot ? (
            <Dot {...dot} pulse={state === 'now'} />
          ) : (
            <Check size={14} strokeWidth={2.4} aria-hidden className="text-ok" />
          )}
        </span>
        <span className={cn('truncate font-medium', quiet && 'text-3')}>
          <bdi>{name}</bdi>
        </span>
        <span className="truncate text-3 tabular-nums">{children}</span>
        <span
          title={detail}
          className="hidden truncate text-3 text-meta sm:col-span-2 sm:col-start-2 sm:block"
        >
          {detail}
        </span>
      </div>
    </li>
  )
}

const wholeSeconds = (ms: number, { seconds, duration }: Format): string =>
  ms < 60_000 ? seconds(Math.max(0, Math.round(ms / 1000))) : duration(ms)

/** As limerick_trainer says it on a cluster. */
const WAITS = /^waiting for (\d+) ([CG]PU)s; the cluster has (\d+), of which (\d+) are free$/

/** What a trainer does outside of steps; null: it has not said so. Its own words are English. */
function useDoing({ run }: JobDetail): string | null {
  const t = useTranslations('trainers.job')
  if (!run?.doing) return null
  const [, count, kind, all, free] = run.doing.match(WAITS) ?? []
  return kind
    ? t('waits', { count: Number(count), kind, all: Number(all), free: Number(free) })
    : `\u2066${run.doing}\u2069`
}

function useDetail(job: JobDetail, now: number | null) {
  const format = useFormat()
  const doing = useDoing(job)
  const t = useTranslations('jobs.rail')
  const speed = useTranslations('job')
  const { step, totalSteps: total, estimatedFinish, tokensPerSecond } = job
  const queue = useQueue(job.status === 'queued' && job.providerId === 'embedded')
  const place = (queue?.waiting.indexOf(job.id) ?? -1) + 1
  const inLine = place > 0 ? t('place', { place, count: queue?.waiting.length ?? 0 }) : t('waiting')
  const running = (state: StepState) => {
    if (step === null || total === null)
      return state === 'now' && job.status !== 'paused' ? (doing ?? t('starting')) : ''
    if (state !== 'now') return t('steps', { step, total })
    const left = estimatedFinish !== null && now !== null ? estimatedFinish - now : 0
    const words =
      left > 0 ? t('left', { step, total, time: wholeSeconds(left, format) }) : t('step', { step, total })
    return tokensPerSecond === null || job.status === 'paused'
      ? words
      : `${words} · ${speed('speed', { tokens: format.count(Math.round(tokensPerSecond)) })}`
  }
  return ({ name, state }: Stage): string => {
    if (state === 'later') return t('later')
    if (state === 'never') return t('never')
    if (name === 'running') return running(state)
    if (name === 'queued') return state === 'now' ? (doing ?? inLine) : t('through')
    if (state === 'stopped') return t(job.status === 'failed' ? 'problem' : 'byPerson')
    return t(state === 'now' ? 'checking' : 'clean')
  }
}

/** What a stage is called: its status while it may go on, and what it was once it has ended. */
function useStageWord({ status }: JobDetail): (stage: Stage) => string {
  const t = useTranslations('jobs.rail')
  const word = useStatusWord()
  return ({ name, state }) => {
    if (state === 'done' || state === 'stopped') return t(`${state}.${name}`)
    return word(name === 'running' && status.startsWith('paus') ? status : name)
  }
}

function EndPart({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs.rail')
  const word = useStatusWord()
  const { status, finishedAt } = job
  if (status === 'unknown') return <Part name={word(status)} detail={t('reason')} state="lost" />
  if (!isTerminal(status)) return <Part name={word('succeeded')} detail={t('later')} state="later" />
  const kept = rowsOf(job).length
  const details = {
    succeeded: t('kept', { count: kept }),
    failed: t('reason'),
    cancelled: kept > 0 ? t('kept', { count: kept }) : t('byPerson'),
  }
  const ended = status as keyof typeof details
  return (
    <Part name={word(status)} detail={details[ended]} state={ended === 'succeeded' ? 'done' : ended}>
      {finishedAt !== null && <Time at={finishedAt} as="clock" />}
    </Part>
  )
}

/** Status of the job, with the time spent in each stage. */
export function StatusRail({ job }: { job: JobDetail }) {
  const format = useFormat()
  const t = useTranslations('jobs.rail')
  const word = useStageWord(job)
  const paused = job.status === 'paused'
  const now = useNow(isActive(job.status) && !paused)
  const detail = useDetail(job, now)
  const progress = job.step && job.totalSteps ? job.step / job.totalSteps : 0
  return (
    <ol aria-label={t('label')} className="grid grid-cols-4 gap-1">
      {stagesOf(job, now).map((stage) => (
        <Part
          key={stage.name}
          name={word(stage)}
          detail={detail(stage)}
          state={paused && stage.state === 'now' ? 'paused' : stage.state}
          progress={stage.name === 'running' && stage.state !== 'done' ? progress : 1}
        >
          {stage.ms !== null &&
            (stage.state === 'now' ? wholeSeconds(stage.ms, format) : format.duration(stage.ms))}
        </Part>
      ))}
      <EndPart job={job} />
    </ol>
  )
}
