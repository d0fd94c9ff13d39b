import type { Checkpoint, JobDetail } from './schema.ts'

/** Oldest first; the checkpoint that became the final model, usually the last, is left out. */
export const otherCheckpoints = <Kept extends Pick<Checkpoint, 'step'>>({
  checkpoints,
  finalStep,
  totalSteps,
}: Pick<JobDetail, 'finalStep' | 'totalSteps'> & { checkpoints: readonly Kept[] }): Kept[] =>
  checkpoints.filter(({ step }) => step !== (finalStep ?? totalSteps)).toSorted((a, b) => a.step - b.step)
