import type { DatasetSummary, SplitSummary } from '#lib/datasets/schema.ts'
import type { DataChoice, Hyperparameters, JobDraft } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { costOf, SHIPPED_PRICES, trainingPrice } from '#lib/providers/prices.ts'
import type { CatalogModel, Price, ProviderWithHealth } from '#lib/providers/schema.ts'
import { billedTokens, epochRuleOf, type Resolved, resolve, stepsOf } from '#lib/training-data/plan.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { daysUntil } from './suffix.ts'
import type { Verdicts } from './use-verdicts.ts'

/** Fewest training rows that providers take. */
const FEWEST_ROWS = 10

/** What the checks found: in the rows to train on, and in the held-out ones, where nothing stops a run. */
export const problemsOf = ({ train, heldout }: DatasetSummary) => ({
  examples: train.examples,
  errors: train.errors,
  warnings: train.warnings + heldout.warnings + heldout.errors,
})

/** Everything that a draft comes to: what the summary says before anything is sent. */
export interface Plan {
  dataset: DatasetSummary
  rows: number
  /** Of one epoch. */
  tokens: number
  resolved: Record<keyof Hyperparameters, Resolved>
  steps: number
  billed: number
  price: Price | null
  /** Micro-dollars. */
  cost: number | null
  validation: SplitSummary | null
  /** Checkpoints that stay; none where the provider does not say. */
  kept: number
}

/** OpenAI and the built-in engine keep those of the last epochs. */
const KEPT_EPOCHS = 3

const keptBy = ({ providerId }: JobDraft, epochs: number): number =>
  providerId === 'compatible' ? 0 : Math.min(KEPT_EPOCHS, epochs)

export type Blocker =
  | { kind: 'model' | 'dataset' | 'missing' | 'closed' | 'hold' | 'provider' }
  /** Paths of the fields that are wrong. */
  | { kind: 'draft'; fields: string[] }
  | { kind: 'preference'; datasetId: string }
  | { kind: 'empty' | 'problems' | 'validation' | 'few' | 'target'; count: number; datasetId: string }

const splitOf = (choice: DataChoice | null, datasets: readonly DatasetSummary[]): SplitSummary | null =>
  (choice && datasets.find(({ id }) => id === choice.datasetId)?.[choice.split]) ?? null

/** @returns null until there is a dataset to plan with */
export function planOf(
  draft: JobDraft,
  datasets: readonly DatasetSummary[],
  prices: readonly Price[] = SHIPPED_PRICES,
): Plan | null {
  const dataset = datasets.find(({ id }) => id === draft.training.datasetId)
  if (!dataset) return null
  const { examples, tokens } = dataset.train
  const resolved = resolve(draft.hyperparameters, examples, epochRuleOf(draft.providerId))
  const { nEpochs, batchSize } = resolved
  const plan = { examples, tokens, nEpochs: nEpochs.value, batchSize: batchSize.value }
  const billed = billedTokens(plan)
  const price = trainingPrice(prices, draft.providerId, draft.model)
  return {
    dataset,
    rows: examples,
    tokens,
    resolved,
    steps: stepsOf(plan),
    billed,
    price,
    cost: price && costOf(price, billed),
    validation: splitOf(draft.validation, datasets),
    kept: keptBy(draft, nEpochs.value),
  }
}

/** The model and the provider that were chosen, as far as they are known; null for one that is not set up here. */
interface Place {
  model?: CatalogModel
  provider?: ProviderWithHealth | null
  verdicts?: Verdicts
}

/** Rows from which a model could not learn: a file that would surely be refused, or taught nothing. */
function unlearnable(choice: DataChoice | null, verdict: Verdict | null | undefined): Blocker | null {
  const fault = verdict?.faults.find(({ severity, rule }) => severity === 'error' && rule !== 'too-few-rows')
  return choice && fault ? { kind: 'target', count: fault.count, datasetId: choice.datasetId } : null
}

/** Why the run cannot start, the first reason first; null when it can. */
export function blockerOf(
  draft: JobDraft,
  datasets: readonly DatasetSummary[],
  errors: Record<string, unknown>,
  { model, provider, verdicts }: Place = {},
): Blocker | null {
  if (provider === null) return { kind: 'provider' }
  // A provider that is not asked lists no models either: this is the reason, not that none was chosen.
  if (provider?.hold) return { kind: 'hold' }
  if (!draft.model) return { kind: 'model' }
  if (model?.shutdownDate && daysUntil(model.shutdownDate, Date.now()) <= 0) return { kind: 'closed' }
  if (!draft.training.datasetId) return { kind: 'dataset' }
  const dataset = datasets.find(({ id }) => id === draft.training.datasetId)
  if (!dataset) return { kind: 'missing' }
  const { id: datasetId, train, method } = dataset
  const fields = Object.keys(errors).toReversed() // as the form has them
  if (fields.length > 0) return { kind: 'draft', fields }
  if (method === 'preference' && !capabilitiesOf(draft.providerId).preference)
    return { kind: 'preference', datasetId }
  if (train.examples === 0) return { kind: 'empty', count: 0, datasetId }
  // Too few rows is one problem among the errors: alone it has words of its own.
  if (train.examples < FEWEST_ROWS && train.errors <= 1)
    return { kind: 'few', count: train.examples, datasetId }
  if (train.errors > 0) return { kind: 'problems', count: train.errors, datasetId }
  const validation = splitOf(draft.validation, datasets)
  if (draft.validation && validation && validation.errors > 0)
    return { kind: 'validation', count: validation.errors, datasetId: draft.validation.datasetId }
  return (
    unlearnable(draft.training, verdicts?.training) ?? unlearnable(draft.validation, verdicts?.validation)
  )
}

/** A provider would look at these rows and say no by itself: one may want to see that. */
export const canBeSentAnyway = (blocker: Blocker): boolean =>
  blocker.kind === 'problems' || blocker.kind === 'validation' || blocker.kind === 'few'
