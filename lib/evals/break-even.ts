import type { BreakEven, Quality } from './cost-schema.ts'

interface WorthInput {
  /** Micro-dollars that training came to. */
  training: number
  /** Micro-dollars of a call that does without it: the base with examples in its prompt. */
  before: number
  /** Micro-dollars of a call of the fine-tuned model. */
  after: number
  callsPerDay: number
}

interface Saving {
  /** Micro-dollars saved with every call; below zero each one costs more. */
  saving: number
  /** Calls after which training is paid back; null: never. */
  calls: number | null
  days: number | null
}

/** Break-even: training ÷ saving per call. Training that cost nothing is paid back at once, unless calls cost more. */
export function worthIt({ training, before, after, callsPerDay }: WorthInput): Saving {
  const saving = before - after
  if (saving <= 0) return { saving, calls: null, days: null }
  const calls = Math.ceil(training / saving)
  return { saving, calls, days: callsPerDay > 0 ? calls / callsPerDay : null }
}

interface Costs {
  /** Micro-dollars; null where a price, a count or the cost of training is not known. */
  training: number | null
  before: number | null
  after: number | null
  callsPerDay: number
}

/** What fine-tuning comes to, in money and in answers: dearer calls that answer better are not a loss but a price. */
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
