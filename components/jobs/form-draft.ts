import { newJobId } from '#lib/core/ids.ts'
import type { DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { FIRST_SAMPLE } from '#lib/domain/domain.ts'
import type { DataChoice, Hyperparameters, JobDetail, JobDraft } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import type { CatalogModel, ProviderId, ProviderWithHealth } from '#lib/providers/schema.ts'
import { jobName } from './job-name.ts'
import { suffixFor } from './suffix.ts'

/** Initial values that another page passes to the form. */
export interface Wish {
  dataset?: string
  /** Id of a version of the dataset. */
  version?: string
  provider?: ProviderId
  model?: string
  epochs?: number
  /** Learning rate multiplier. */
  rate?: number
}

/** The source job of a new job, as loaded by its page. */
export interface Earlier {
  id: string
  name: string
  number: number
  providerId: ProviderId
  model: string
  datasetId: string | null
  /** Id of its training file at the provider. */
  trainingFile: string | null
  /** Number of the dataset version that it used; null if unknown. */
  datasetVersion: number | null
  validationDatasetId: string | null
  suffix: string | null
  seed: number | null
  patience: number | null
  beta: number | null
  tuning: JobDraft['tuning']
  learningRate: number | null
  hyperparameters: Hyperparameters
}

/** The settings of a job as they were chosen. */
export function asEarlier(job: JobDetail): Earlier {
  const { auto, ...set } = job.hyperparameters
  const chosen = (name: keyof typeof set) => (auto.includes(name) ? 'auto' : (set[name] ?? 'auto'))
  const { id, number, providerId, model, datasetId, trainingFile, validationDatasetId } = job
  const { suffix, seed, patience, tuning } = job
  return {
    id,
    name: jobName(job),
    number,
    providerId,
    model,
    datasetId,
    trainingFile,
    validationDatasetId,
    suffix,
    seed,
    patience,
    tuning,
    beta: auto.includes('beta') ? null : set.beta,
    learningRate: auto.includes('learningRate') ? null : set.learningRate,
    datasetVersion: job.datasetVersion?.number ?? null,
    hyperparameters: {
      nEpochs: chosen('nEpochs'),
      batchSize: chosen('batchSize'),
      learningRateMultiplier: chosen('learningRateMultiplier'),
    },
  }
}

/**
 * The settings that another provider can take over. A learning rate fits one model, and a multiplier multiplies a rate that
 * only its provider knows, so both become automatic.
 */
function carriedTo(providerId: ProviderId, earlier: Earlier): Earlier {
  if (providerId === earlier.providerId) return earlier
  const { stopEarly, chooseTrainer } = capabilitiesOf(providerId)
  return {
    ...earlier,
    patience: stopEarly ? earlier.patience : null,
    tuning: chooseTrainer ? earlier.tuning : null,
    learningRate: null,
    hyperparameters: { ...earlier.hyperparameters, learningRateMultiplier: 'auto' },
  }
}

const NO_CHOICE = { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' } as const

/** The selected rows as the value of an option. */
export const choiceKey = (choice: DataChoice | null): string =>
  choice ? `${choice.split}/${choice.datasetId}` : 'none'

export function choiceOf(key: string): DataChoice | null {
  const slash = key.indexOf('/')
  return slash < 0 ? null : { split: key.slice(0, slash) as Split, datasetId: key.slice(slash + 1) }
}

/** The dataset's held-out rows as validation data; null if it has none. */
export const heldOutOf = (dataset: DatasetSummary | undefined): DataChoice | null =>
  dataset && dataset.heldout.examples > 0 ? { datasetId: dataset.id, split: 'heldout' } : null

/** The sample dataset if a job may train on it, else the first dataset that can be used. */
const usual = (datasets: readonly DatasetSummary[]): DatasetSummary | undefined => {
  const ready = datasets.filter(({ state }) => state === 'ready')
  return ready.find(({ sample }) => sample === FIRST_SAMPLE) ?? ready[0]
}

/** The version that a job would use: the newest if the rows have not changed since, else the next one. */
export const nextVersion = ({ version, dirty }: DatasetSummary): number =>
  (version?.number ?? 0) + (dirty ? 1 : 0)

export const trainers = (providers: readonly ProviderWithHealth[]): ProviderWithHealth[] =>
  providers.filter(({ capabilities }) => capabilities.train)

/** Models of a provider that can be fine-tuned. */
export const trainable = <Model extends CatalogModel>(
  models: readonly Model[],
  providerId: ProviderId,
): Model[] => models.filter((model) => model.providerId === providerId && model.trainable)

/** The first base model that the provider can train; empty if it lists none. */
export function firstBase(models: readonly CatalogModel[], providerId: ProviderId): string {
  const own = trainable(models, providerId)
  return (own.find(({ kind }) => kind === 'base') ?? own[0])?.id ?? ''
}

/**
 * Chooses data automatically only if the page was opened without initial values: missing data is never replaced by
 * other data.
 */
const dataOf = (earlier: Earlier | null, { dataset }: Wish, datasets: readonly DatasetSummary[]) =>
  dataset || earlier ? datasets.find(({ id }) => id === (dataset ?? earlier?.datasetId)) : usual(datasets)

function validationOf(
  earlier: Earlier | null,
  training: DatasetSummary | undefined,
  all: readonly DatasetSummary[],
) {
  if (!earlier || training?.id !== earlier.datasetId) return heldOutOf(training)
  const dataset = all.find(({ id }) => id === earlier.validationDatasetId)
  return heldOutOf(dataset) ?? (dataset ? ({ datasetId: dataset.id, split: 'train' } as const) : null)
}

const trainableNamed = (models: readonly CatalogModel[], name: string | undefined) =>
  models.find(({ id, trainable }) => trainable && id === name)

interface Known {
  datasets: readonly DatasetSummary[]
  models: readonly CatalogModel[]
  providers: readonly ProviderWithHealth[]
}

/** Initial draft: settings of the source job, then requested values, then defaults. */
export function firstDraft(
  source: Earlier | null,
  wish: Wish,
  { datasets, models, providers }: Known,
): JobDraft {
  const able = trainers(providers)
  const wished = trainableNamed(
    models.filter((model) => !wish.provider || model.providerId === wish.provider),
    wish.model,
  )
  const providerId = wished?.providerId ?? wish.provider ?? source?.providerId ?? able[0]?.id ?? 'embedded'
  const earlier = source && carriedTo(providerId, source)
  const known = earlier && providerId === earlier.providerId ? earlier.model : null
  const training = dataOf(earlier, wish, datasets)
  const hyperparameters = earlier?.hyperparameters ?? NO_CHOICE
  const isAbsolute = capabilitiesOf(providerId).absoluteRate
  return {
    id: newJobId(),
    providerId,
    model: wished?.id ?? (wish.model ? '' : (known ?? firstBase(models, providerId))),
    training: { datasetId: training?.id ?? '', split: 'train' },
    validation: validationOf(earlier, training, datasets),
    version: (training && wish.version) ?? null,
    suffix: earlier ? (earlier.suffix ?? '') : suffixFor(training?.name ?? ''),
    seed: earlier?.seed ?? null,
    patience: earlier?.patience ?? null,
    beta: earlier?.beta ?? null,
    tuning: earlier?.tuning ?? null,
    learningRate: (isAbsolute && wish.rate) || (earlier?.learningRate ?? null),
    tier: null,
    hyperparameters: {
      ...hyperparameters,
      ...(wish.epochs ? { nEpochs: wish.epochs } : {}),
      ...(wish.rate && !isAbsolute ? { learningRateMultiplier: wish.rate } : {}),
    },
    confirmed: null,
  }
}
