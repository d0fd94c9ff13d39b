import { newJobId } from '#lib/core/ids.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'

/** A job on the training rows of a dataset, everything else automatic. */
export const jobDraft = (datasetId: string, more: Partial<JobDraft> = {}): JobDraft => ({
  id: newJobId(),
  providerId: 'embedded',
  model: 'limerick-base',
  training: { datasetId, split: 'train' },
  validation: null,
  version: null,
  suffix: '',
  seed: null,
  hyperparameters: { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' },
  beta: null,
  patience: null,
  tuning: null,
  learningRate: null,
  tier: null,
  confirmed: null,
  ...more,
})
