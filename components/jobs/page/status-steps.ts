import type { JobDetail } from '#lib/jobs/schema.ts'
import { isTerminal } from '#lib/jobs/status.ts'

type StageName = 'validating_files' | 'queued' | 'running'
const STAGES: readonly StageName[] = ['validating_files', 'queued', 'running']

/** done: complete. now: active. stopped: the job ended here. later: may still come. never: the job ended before it. */
export type StepState = 'done' | 'now' | 'stopped' | 'later' | 'never'

export interface Stage {
  name: StageName
  state: StepState
  /** Time spent in the stage; null if the provider did not report it. */
  ms: number | null
}

const END = STAGES.length

/** -1 before the first stage, and for an unknown status. */
function stageOf(status: string): number {
  if (isTerminal(status)) return END
  if (status === 'pausing' || status === 'paused') return 2
  return STAGES.indexOf(status as StageName)
}

function stateOf(index: number, reached: number, status: string): StepState {
  if (index < reached || (index === reached && status === 'succeeded')) return 'done'
  if (index === reached) return isTerminal(status) ? 'stopped' : 'now'
  return isTerminal(status) ? 'never' : 'later'
}

/** ms at which the current stage stands still: the beginning of a pause. */
const heldAt = ({ status, states }: Pick<JobDetail, 'status' | 'states'>): number | null =>
  (status === 'paused' && states.find((state) => state.status === status)?.at) || null

/**
 * The three stages before the end, with the time spent in each; pauses do not count.
 * @param now ms; null before the page's clock starts
 */
export function stagesOf(
  job: Pick<JobDetail, 'status' | 'states' | 'finishedAt' | 'pausedMs'>,
  now: number | null,
): Stage[] {
  const { status, states, finishedAt, pausedMs } = job
  const began = (index: number): number | null =>
    states.find((state) => stageOf(state.status) === index)?.at ?? null
  const times = [...STAGES.map((_, index) => began(index)), finishedAt ?? began(END)]
  const seen = times.slice(0, END).findLastIndex((at) => at !== null)
  const here = isTerminal(status) ? -1 : stageOf(status)
  // A job that was resumed is in the queue again, although its training has begun.
  const reached = status === 'succeeded' ? END - 1 : here < 0 ? seen : here
  return STAGES.map((name, index) => {
    const start = times[index] ?? null
    const end = times.slice(index + 1).find((at) => at !== null) ?? heldAt(job) ?? now
    const state = stateOf(index, reached, status)
    const paused = name === 'running' ? pausedMs : 0
    const spent = start === null || end === null ? null : Math.max(0, end - start - paused)
    const unknown = state === 'later' || state === 'never' || (state === 'now' && seen > index)
    return { name, state, ms: unknown ? null : spent }
  })
}
