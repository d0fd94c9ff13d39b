import type { Checkpoint, JobDetail } from '#lib/jobs/schema.ts'

export interface CheckpointRow extends Omit<Checkpoint, 'id' | 'createdAt'> {
  final: boolean
  /** Highest held-out score if there are scores; else lowest validation loss among the kept checkpoints. */
  best: 'score' | 'loss' | null
}

/** The last step as a row, for providers that keep no checkpoint of it. */
function finalRow(job: JobDetail) {
  const { fineTunedModel, checkpoints, lastLoss, lastAccuracy, diagnosis, step, totalSteps } = job
  const { finalStep, best } = job
  if (fineTunedModel === null || checkpoints.some(({ model }) => model === fineTunedModel)) return []
  if (finalStep !== null && finalStep !== step) {
    // Early stopping chose an earlier step, of which only the validation loss is at hand.
    const validLoss = best?.step === finalStep ? best.loss : null
    return [{ step: finalStep, model: fineTunedModel, trainLoss: null, validLoss, accuracy: null }]
  }
  return [
    {
      step: totalSteps ?? step ?? 0,
      model: fineTunedModel,
      trainLoss: lastLoss,
      validLoss: ('validation' in diagnosis && diagnosis.validation?.last) || null,
      accuracy: lastAccuracy,
    },
  ]
}

/**
 * Models and checkpoints of a job, latest step first.
 * @param scored step of the best held-out score; null if there is none. Only one row is marked best, by one measure.
 */
export function rowsOf(job: JobDetail, scored: number | null = null): CheckpointRow[] {
  const rows = [...finalRow(job), ...job.checkpoints].sort((a, b) => b.step - a.step)
  const losses = rows.flatMap(({ validLoss }) => (validLoss === null ? [] : [validLoss]))
  const least = losses.length > 1 ? Math.min(...losses) : null
  const bestBy = (step: number, validLoss: number | null): CheckpointRow['best'] => {
    if (scored !== null) return step === scored ? 'score' : null
    return least !== null && validLoss === least ? 'loss' : null
  }
  return rows.map(({ step, model, trainLoss, validLoss, accuracy }) => ({
    step,
    model,
    trainLoss,
    validLoss,
    accuracy,
    final: model === job.fineTunedModel,
    best: bestBy(step, validLoss),
  }))
}

/** The checkpoint with the lowest validation loss, if it is not the job's result; null until that is known. */
export function betterThanFinal(
  rows: readonly CheckpointRow[],
): { best: CheckpointRow; final: number } | null {
  const best = rows.find((row) => row.best === 'loss')
  const final = rows.find((row) => row.final)?.validLoss ?? null
  return best && !best.final && final !== null ? { best, final } : null
}

/** Link that compares the base model with this model, with the system prompt and question of the job. */
export function checkpointAddress({ id, providerId, model: base }: JobDetail, model: string): string {
  const query = new URLSearchParams([
    ['job', id],
    ['model', `${providerId}/${base}`],
    ['model', `${providerId}/${model}`],
  ])
  return `/playground?${query}`
}
