import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { FIRST_SAMPLE } from '#lib/domain/domain.ts'
import type { AfterTraining } from '#lib/home/after-training.ts'
import { isActive } from '#lib/jobs/status.ts'

export const STEPS = ['write', 'check', 'train', 'watch', 'compare', 'judge', 'use', 'fix'] as const
export type Step = (typeof STEPS)[number]

/** The fields of a job that the next step depends on. */
export interface RunFacts {
  id: string
  name: string
  status: string
  /** How far it has come; null or absent while unknown. */
  step?: number | null
  totalSteps?: number | null
}

type Dataset = Pick<DatasetSummary, 'id' | 'name' | 'sample' | 'state' | 'train'>

/** The next thing to do, and the dataset or job it applies to. */
export type NextStep =
  | { step: 'write' }
  | { step: 'check'; dataset: Dataset }
  | { step: 'train'; dataset: Dataset }
  | { step: 'watch'; run: RunFacts; failed: boolean; waits: boolean }
  | { step: 'compare' | 'judge' | 'use'; run: RunFacts }
  | { step: 'fix'; run: RunFacts; evalId: string }

const isFirstSample = ({ sample }: Dataset) => sample === FIRST_SAMPLE

/** Statuses of a job that is queued or paused: nothing of it is running. */
const WAITING = ['preparing', 'queued', 'pending', 'validating_files', 'paused']
const waits = ({ status }: RunFacts): boolean => WAITING.includes(status)
const isUnderWay = (run: RunFacts): boolean => isActive(run.status) && !waits(run)

/** What remains to do with a job that succeeded: compare, score on held-out rows, use, correct. */
function afterwards(run: RunFacts, after: AfterTraining | null): NextStep {
  if (after?.jobId !== run.id || !after.compared) return { step: 'compare', run }
  if (after.evalId === null && after.judgeable) return { step: 'judge', run }
  if (!after.used || after.evalId === null) return { step: 'use', run }
  return { step: 'fix', run, evalId: after.evalId }
}

/**
 * The user's position between writing rows and using a model, derived from the stored datasets and jobs.
 * @param datasets most recently changed first
 * @param runs newest first; the newest counts; while it is queued, the job that is training counts instead
 * @param after what the user has already done with the resulting model
 */
export function nextStep(
  datasets: readonly Dataset[],
  runs: readonly RunFacts[],
  after: AfterTraining | null = null,
): NextStep {
  const [newest] = runs
  const run = newest && waits(newest) ? (runs.find(isUnderWay) ?? newest) : newest
  if (run?.status === 'succeeded') return afterwards(run, after)
  if (run && run.status !== 'cancelled')
    return { step: 'watch', run, failed: run.status === 'failed', waits: waits(run) }
  const ready = datasets.filter(({ state }) => state === 'ready')
  // The user's datasets come before the shipped samples.
  const dataset = ready.find(({ sample }) => sample === null) ?? ready.find(isFirstSample) ?? ready[0]
  if (dataset) return { step: 'train', dataset }
  const blocked = datasets.find(({ state }) => state === 'blocked')
  return blocked ? { step: 'check', dataset: blocked } : { step: 'write' }
}
