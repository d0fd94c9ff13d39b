import type { JobEvent } from '#lib/jobs/schema.ts'

/** One line of the panel: an event, or equal neighbours as one. */
export interface EventLine {
  /** Sequence number of its oldest event: stays the same while newer ones join. */
  key: number
  /** Time of its newest event. */
  at: number
  level: string
  type: string | null
  /** What was said; of steps folded into one, only what is said of each. */
  words: string
  count: number
  /** First and last step of those folded into one. */
  steps: [number, number] | null
  /** The step before it was a later one: from here on the provider trains steps again, as after a resume. */
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

/** Events, newest first, at which a run went back to an earlier step. */
function toldAgain(events: readonly JobEvent[]): Set<JobEvent> {
  const steps = events.filter(({ step }) => step !== null)
  return new Set(
    steps.filter(({ step }, index) => (step ?? 0) < (steps[index + 1]?.step ?? Number.NEGATIVE_INFINITY)),
  )
}

/** Neighbours that say the same become one line. Newest first, as they come. */
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
