import type { Checkpoint, JobDetail } from '#lib/jobs/schema.ts'

export interface CheckpointRow extends Omit<Checkpoint, 'id' | 'createdAt'> {
  final: boolean
  /** Validation is the least of those that were kept. */
  best: boolean
}

/** The last step as a row, for providers that keep no checkpoint of it. */
function finalRow({ fineTunedModel, checkpoints, lastLoss, diagnosis, step, totalSteps }: JobDetail) {
  if (fineTunedModel === null || checkpoints.some(({ model }) => model === fineTunedModel)) return []
  return [
    {
      step: totalSteps ?? step ?? 0,
      model: fineTunedModel,
      trainLoss: lastLoss,
      validLoss: ('validation' in diagnosis && diagnosis.validation?.last) || null,
      accuracy: null,
    },
  ]
}

/** What a run has made, the furthest first. */
export function rowsOf(job: JobDetail): CheckpointRow[] {
  const rows = [...finalRow(job), ...job.checkpoints].sort((a, b) => b.step - a.step)
  const losses = rows.flatMap(({ validLoss }) => (validLoss === null ? [] : [validLoss]))
  const least = losses.length > 1 ? Math.min(...losses) : null
  return rows.map(({ step, model, trainLoss, validLoss, accuracy }) => ({
    step,
    model,
    trainLoss,
    validLoss,
    accuracy,
    final: model === job.fineTunedModel,
    best: least !== null && validLoss === least,
  }))
}

/** Base beside this model, with the run's own system prompt and question. */
export function checkpointAddress({ id, providerId, model: base }: JobDetail, model: string): string {
  const query = new URLSearchParams([
    ['job', id],
    ['model', `${providerId}/${base}`],
    ['model', `${providerId}/${model}`],
  ])
  return `/playground?${query}`
}
