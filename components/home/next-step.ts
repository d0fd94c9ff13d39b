import type { DatasetSummary } from '#lib/datasets/schema.ts'

export const STEPS = ['write', 'check', 'train', 'watch', 'compare'] as const
export type Step = (typeof STEPS)[number]

/** What the next step looks at in a run. */
export interface RunFacts {
  id: string
  name: string
  status: string
}

type Dataset = Pick<DatasetSummary, 'id' | 'name' | 'sample' | 'state' | 'train'>

/** The one thing to do next, and what to do it with. */
export type NextStep =
  | { step: 'write' }
  | { step: 'check'; dataset: Dataset }
  | { step: 'train'; dataset: Dataset }
  | { step: 'watch'; run: RunFacts; failed: boolean }
  | { step: 'compare'; run: RunFacts }

const isElle = ({ sample }: Dataset) => sample === 'elle'

/**
 * Where a person stands on the way from writing to comparing, read off what really exists.
 * @param datasets the one changed last first
 * @param runs the newest first; only the newest one counts
 */
export function nextStep(datasets: readonly Dataset[], runs: readonly RunFacts[]): NextStep {
  const [run] = runs
  if (run?.status === 'succeeded') return { step: 'compare', run }
  if (run && run.status !== 'cancelled') return { step: 'watch', run, failed: run.status === 'failed' }
  const ready = datasets.filter(({ state }) => state === 'ready')
  // What a person wrote comes before what we shipped.
  const dataset = ready.find(({ sample }) => sample === null) ?? ready.find(isElle) ?? ready[0]
  if (dataset) return { step: 'train', dataset }
  const blocked = datasets.find(({ state }) => state === 'blocked')
  return blocked ? { step: 'check', dataset: blocked } : { step: 'write' }
}
