import type { JobDraft } from '#lib/jobs/schema.ts'
import { choiceKey, type Earlier } from './form-draft.ts'

/** Settings that are listed when they differ from the source job. */
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
  'rate',
  'beta',
  'patience',
  'trainer',
  'launcher',
  'devices',
  'method',
  'maxLength',
] as const

export interface Change {
  name: (typeof NAMED)[number]
  before: string
  after: string
}

/** Display names for the ids in a draft. */
export interface Names {
  provider: (id: JobDraft['providerId']) => string
  dataset: (id: string) => string
}

/** The source job as a draft, also where its dataset was deleted and the form starts without data. */
export function earlierDraft(earlier: Earlier, first: JobDraft): JobDraft {
  const {
    providerId,
    model,
    datasetId,
    validationDatasetId,
    suffix,
    seed,
    patience,
    beta,
    tuning,
    learningRate,
    hyperparameters,
  } = earlier
  const same = first.validation?.datasetId === validationDatasetId
  const validation = { datasetId: validationDatasetId ?? '', split: 'heldout' } as const
  return {
    ...{
      ...first,
      providerId,
      model,
      seed,
      patience,
      beta,
      tuning,
      learningRate,
      hyperparameters,
      suffix: suffix ?? '',
    },
    training: { datasetId: datasetId ?? '', split: 'train' },
    validation: same ? first.validation : validationDatasetId === null ? null : validation,
  }
}

const said = (value: string | number | null): string => (value === null || value === '' ? '–' : String(value))

const read: Record<Change['name'], (draft: JobDraft, names: Names) => string> = {
  provider: ({ providerId }, { provider }) => provider(providerId),
  model: ({ model }) => said(model),
  training: ({ training }, { dataset }) => dataset(training.datasetId),
  validation: ({ validation }, { dataset }) => (validation ? dataset(validation.datasetId) : '–'),
  suffix: ({ suffix }) => said(suffix),
  seed: ({ seed }) => said(seed),
  epochs: ({ hyperparameters }) => said(hyperparameters.nEpochs),
  batch: ({ hyperparameters }) => said(hyperparameters.batchSize),
  multiplier: ({ hyperparameters }) => said(hyperparameters.learningRateMultiplier),
  rate: ({ learningRate }) => said(learningRate ?? 'auto'),
  beta: ({ beta }) => said(beta ?? 'auto'),
  patience: ({ patience }) => said(patience),
  trainer: ({ tuning }) => said(tuning?.trainer ?? 'auto'),
  launcher: ({ tuning }) => said(tuning?.launcher ?? 'local'),
  devices: ({ tuning }) => said(tuning?.devices ?? 'auto'),
  method: ({ tuning }) => said(tuning?.method ?? 'auto'),
  maxLength: ({ tuning }) => said(tuning?.maxLength ?? null),
}

const rowsOf: Partial<Record<Change['name'], (draft: JobDraft) => string>> = {
  training: ({ training }) => choiceKey(training),
  validation: ({ validation }) => choiceKey(validation),
}

/** Differences in the order of the form. Datasets are compared by id: two datasets can have the same name. */
export function changesOf(before: JobDraft, after: JobDraft, names: Names): Change[] {
  return NAMED.flatMap((name) => {
    const [old, now] = [read[name](before, names), read[name](after, names)]
    const rows = rowsOf[name]
    return old !== now || rows?.(before) !== rows?.(after) ? [{ name, before: old, after: now }] : []
  })
}

/** Version of the same dataset before and now, if its rows have changed since. */
export function versionChange(
  { datasetId, datasetVersion }: Earlier,
  after: JobDraft,
  next: number | null,
): Change[] {
  if (datasetVersion === null || next === null || next === datasetVersion) return []
  if (after.training.datasetId !== datasetId) return []
  return [{ name: 'training', before: `v${datasetVersion}`, after: `v${next}` }]
}
