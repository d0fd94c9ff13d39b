import { isTerminal, type JobDetail } from '#lib/jobs/schema.ts'

type StageName = 'validating_files' | 'queued' | 'running'
const STAGES: readonly StageName[] = ['validating_files', 'queued', 'running']

/** done: gone through. now: in it. stopped: the run ended here. later: may still come. never: the run ended before it. */
export type Standing = 'done' | 'now' | 'stopped' | 'later' | 'never'

export interface Stage {
  name: StageName
  standing: Standing
  /** Time spent in it; null where its provider did not tell. */
  ms: number | null
}

const END = STAGES.length

/** -1 before the first stage, also for a word that only its provider knows. */
function stageOf(status: string): number {
  if (isTerminal(status)) return END
  if (status === 'pausing' || status === 'paused') return 2
  return STAGES.indexOf(status as StageName)
}

function standingOf(index: number, reached: number, status: string): Standing {
  if (index < reached || (index === reached && status === 'succeeded')) return 'done'
  if (index === reached) return isTerminal(status) ? 'stopped' : 'now'
  return isTerminal(status) ? 'never' : 'later'
}

/**
 * The three stages before the end, with the time spent in each.
 * @param now ms; null before the clock of the page runs
 */
export function stagesOf(
  { status, states, finishedAt }: Pick<JobDetail, 'status' | 'states' | 'finishedAt'>,
  now: number | null,
): Stage[] {
  const began = (index: number): number | null =>
    states.find((state) => stageOf(state.status) === index)?.at ?? null
  const times = [...STAGES.map((_, index) => began(index)), finishedAt ?? began(END)]
  const seen = times.slice(0, END).findLastIndex((at) => at !== null)
  const reached = status === 'succeeded' ? END - 1 : Math.max(seen, isTerminal(status) ? -1 : stageOf(status))
  return STAGES.map((name, index) => {
    const start = times[index] ?? null
    const end = times.slice(index + 1).find((at) => at !== null) ?? now
    const standing = standingOf(index, reached, status)
    const spent = start === null || end === null ? null : Math.max(0, end - start)
    return { name, standing, ms: standing === 'later' || standing === 'never' ? null : spent }
  })
}
