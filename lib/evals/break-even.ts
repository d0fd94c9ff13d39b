import type { BreakEven, Quality } from './cost-schema.ts'

interface WorthInput {
  /** Cost of training in micro-dollars. */
  training: number
  /** Micro-dollars of a call without it: the base model, maybe with examples in its prompt. */
  before: number
  /** Micro-dollars of a call of the fine-tuned model. */
  after: number
  callsPerDay: number
}

interface Saving {
  /** Micro-dollars saved per call; negative if a call costs more. */
  saving: number
  /** Calls after which training is paid back; null: never. */
  calls: number | null
  days: number | null
}

/** Break-even: training ÷ saving per call. Free training is paid back at once, unless calls cost more. */
export function worthIt({ training, before, after, callsPerDay }: WorthInput): Saving {
  const saving = before - after
  if (saving <= 0) return { saving, calls: null, days: null }
  const calls = Math.ceil(training / saving)
  return { saving, calls, days: callsPerDay > 0 ? calls / callsPerDay : null }
}

interface Costs {
  /** Micro-dollars; null when a price, a count or the cost of training is unknown. */
  training: number | null
  before: number | null
  after: number | null
  callsPerDay: number
}

/** The verdict on cost and quality: dearer calls that answer better are a price, not a loss. */
export function breakEven(
  { training, before, after, callsPerDay }: Costs,
  quality: Quality | null,
): BreakEven {
  if (training === null || before === null || after === null)
    return { verdict: 'unknown', quality, saving: null, calls: null, days: null }
  const { saving, calls, days } = worthIt({ training, before, after, callsPerDay })
  if (training === 0 && before === 0 && after === 0)
    return { verdict: 'free', quality, saving, calls: 0, days: 0 }
  if (calls === null) {
    const verdict = saving < 0 && quality?.better === 'after' ? 'buys' : 'never'
    return { verdict, quality, saving, calls, days }
  }
  return { verdict: training === 0 ? 'paid' : 'after', quality, saving, calls, days }
}
