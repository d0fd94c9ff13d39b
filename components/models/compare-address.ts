import type { ModelRef, StudioModel } from '#lib/models/schema.ts'
import { refIn, refKey } from './model-options.ts'

/** Link that compares the model with its base model, with the job's question if the job is known. */
export function compareAddress(model: StudioModel): string {
  const own = ['model', refKey(refIn(model))]
  const { lineage, providerId } = model
  const all = lineage
    ? [['job', lineage.jobId], ['model', refKey({ providerId, model: lineage.base })], own]
    : [own]
  return `/playground?${new URLSearchParams(all)}`
}

/** Link to the form that records a model's answers. */
export const recordAddress = ({ providerId, model }: ModelRef): string =>
  `/evals/record?${new URLSearchParams({ providerId, model })}`
