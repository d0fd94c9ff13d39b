import type { JobDraft } from '#lib/jobs/schema.ts'
import { choiceKey } from './form-draft.ts'

/** Settings that are named when a run was made from another. */
const NAMED = [
  'provider',
  'model',
  'training',
  'validation',
  'suffix',
  'seed',
  'epochs',
  'batch',
  'multiplier',
] as const

export interface Change {
  name: (typeof NAMED)[number]
  before: string
  after: string
}

const said = (value: string | number | null): string => (value === null || value === '' ? '–' : String(value))

const read: Record<Change['name'], (draft: JobDraft, dataset: (id: string) => string) => string> = {
  provider: ({ providerId }) => providerId,
  model: ({ model }) => said(model),
  training: ({ training }, dataset) => dataset(training.datasetId),
  validation: ({ validation }, dataset) => (validation ? `${dataset(validation.datasetId)}` : '–'),
  suffix: ({ suffix }) => said(suffix),
  seed: ({ seed }) => said(seed),
  epochs: ({ hyperparameters }) => said(hyperparameters.nEpochs),
  batch: ({ hyperparameters }) => said(hyperparameters.batchSize),
  multiplier: ({ hyperparameters }) => said(hyperparameters.learningRateMultiplier),
}

/** What is not as it was, in the order of the form. */
export function changesOf(before: JobDraft, after: JobDraft, dataset: (id: string) => string): Change[] {
  return NAMED.flatMap((name) => {
    const [old, now] = [read[name](before, dataset), read[name](after, dataset)]
    const otherRows = name === 'validation' && choiceKey(before.validation) !== choiceKey(after.validation)
    return old !== now || otherRows ? [{ name, before: old, after: now }] : []
  })
}
