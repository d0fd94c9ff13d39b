import type { JobEvent } from '#lib/jobs/schema.ts'

/** One line of the panel: an event, or a group of equal neighbours. */
export interface EventLine {
  /** Sequence number of the oldest event: does not change while newer events join the group. */
  key: number
  /** Time of the newest event. */
  at: number
  level: string
  type: string | null
  /** The message; for grouped steps only the part that they share. */
  words: string
  count: number
  /** First and last step of the group. */
  steps: [number, number] | null
  /** The previous step was a later one: the provider repeats steps from here, for example after a resume. */
  again: boolean
}

const STEP_WORDS = /^Step \d+\/\d+: (.+)$/s

const saidOf = ({ step, message }: JobEvent): string =>
  (step === null ? null : STEP_WORDS.exec(message)?.[1]) ?? message

const isAlike = (a: JobEvent, b: JobEvent) =>
  a.level === b.level &&
  a.type === b.type &&
  (a.step === null) === (b.step === null) &&
  saidOf(a) === saidOf(b)

function lineOf(alike: readonly JobEvent[], again: boolean): EventLine {
  const newest = alike[0] as JobEvent
  const oldest = alike.at(-1) ?? newest
  const folded = alike.length > 1
  return {
    key: oldest.seq,
    at: newest.createdAt,
    level: newest.level,
    type: newest.type,
    words: folded ? saidOf(newest) : newest.message,
    count: alike.length,
    steps: folded && oldest.step !== null && newest.step !== null ? [oldest.step, newest.step] : null,
    again,
  }
}

/** Events, newest first, at which the job returned to an earlier step. */
function toldAgain(events: readonly JobEvent[]): Set<JobEvent> {
  const steps = events.filter(({ step }) => step !== null)
  return new Set(
    steps.filter(({ step }, index) => (step ?? 0) < (steps[index + 1]?.step ?? Number.NEGATIVE_INFINITY)),
  )
}

/** Groups neighbours with equal messages into one line. Input and output are newest first. */
export function fold(events: readonly JobEvent[]): EventLine[] {
  const again = toldAgain(events)
  const groups: JobEvent[][] = []
  for (const event of events) {
    const group = groups.at(-1)
    const neighbour = group?.at(-1)
    if (group && neighbour && !again.has(neighbour) && isAlike(neighbour, event)) group.push(event)
    else groups.push([event])
  }
  return groups.map((group) => lineOf(group, again.has(group.at(-1) as JobEvent)))
}
