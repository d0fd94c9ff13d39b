import type { Availability } from '#lib/datasets/estimate-schema.ts'
import type { DatasetSummary, SplitSummary } from '#lib/datasets/schema.ts'
import type { DataChoice, Hyperparameters, JobDraft } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { costOf, SHIPPED_PRICES, trainingPrice } from '#lib/providers/prices.ts'
import type { CatalogModel, Price, ProviderWithHealth } from '#lib/providers/schema.ts'
import { billedTokens, epochRuleOf, resolve, stepsOf } from '#lib/training-data/plan.ts'
import type { Resolved } from '#lib/training-data/plan-schema.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { daysUntil } from './suffix.ts'
import type { Verdicts } from './use-verdicts.ts'

/** Minimum number of training rows that providers accept. */
const FEWEST_ROWS = 10

/** Issues in the training and held-out rows; held-out rows block a job only if it uses them for validation. */
export const problemsOf = ({ train, heldout }: DatasetSummary) => ({
  examples: train.examples,
  errors: train.errors,
  warnings: train.warnings + heldout.warnings + heldout.errors,
})

/** Everything computed from a draft: the summary shown before the request is sent. */
export interface Plan {
  dataset: DatasetSummary
  rows: number
  /** Per epoch. */
  tokens: number
  resolved: Record<keyof Hyperparameters, Resolved>
  steps: number
  billed: number
  price: Price | null
  /** Micro-dollars. */
  cost: number | null
  validation: SplitSummary | null
  /** Number of checkpoints that are kept; none if the provider does not say. */
  kept: number
}

const keptBy = ({ providerId }: JobDraft, epochs: number): number =>
  Math.min(capabilitiesOf(providerId).keptEpochs, epochs)

export type Blocker =
  | {
      kind:
        | 'model'
        | 'dataset'
        | 'missing'
        | 'version'
        | 'noVersion'
        | 'sweep'
        | 'closed'
        | 'hold'
        | 'provider'
        | 'memory'
        | 'disk'
    }
  /** Paths of the invalid fields. */
  | { kind: 'draft'; fields: string[] }
  | { kind: 'empty' | 'problems' | 'validation' | 'few' | 'target'; count: number; datasetId: string }

const splitOf = (choice: DataChoice | null, datasets: readonly DatasetSummary[]): SplitSummary | null =>
  (choice && datasets.find(({ id }) => id === choice.datasetId)?.[choice.split]) ?? null

/** @returns null until a dataset is selected */
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

/** The selected model and provider; null for each that is not available here. */
interface Place {
  model?: CatalogModel
  provider?: ProviderWithHealth | null
  verdicts?: Verdicts
  available?: Availability | null
}

/**
 * Blocks data that cannot be trained on: the provider would certainly reject the file, or the model would learn
 * nothing.
 */
function unlearnable(choice: DataChoice | null, verdict: Verdict | null | undefined): Blocker | null {
  const group = verdict?.groups.find(({ severity, rule }) => severity === 'error' && rule !== 'too-few-rows')
  return choice && group ? { kind: 'target', count: group.count, datasetId: choice.datasetId } : null
}

/** The first reason that prevents the start; null if the job can start. */
export function blockerOf(
  draft: JobDraft,
  datasets: readonly DatasetSummary[],
  errors: Record<string, unknown>,
  { model, provider, verdicts, available }: Place = {},
): Blocker | null {
  if (provider === null) return { kind: 'provider' }
  // A provider in backoff lists no models either: report the backoff, not the missing model.
  if (provider?.hold) return { kind: 'hold' }
  if (!draft.model) return { kind: 'model' }
  if (model?.shutdownDate && daysUntil(model.shutdownDate, Date.now()) <= 0) return { kind: 'closed' }
  if (!draft.training.datasetId) return { kind: 'dataset' }
  const dataset = datasets.find(({ id }) => id === draft.training.datasetId)
  if (!dataset) return { kind: 'missing' }
  const { id: datasetId, train } = dataset
  const fields = Object.keys(errors).toReversed() // in the order of the form
  if (fields.length > 0) return { kind: 'draft', fields }
  if (train.examples === 0) return { kind: 'empty', count: 0, datasetId }
  // Too few rows count as one error: if it is the only error, it has a specific message.
  if (train.examples < FEWEST_ROWS && train.errors <= 1)
    return { kind: 'few', count: train.examples, datasetId }
  if (train.errors > 0) return { kind: 'problems', count: train.errors, datasetId }
  const validation = splitOf(draft.validation, datasets)
  if (draft.validation && validation && validation.errors > 0)
    return { kind: 'validation', count: validation.errors, datasetId: draft.validation.datasetId }
  if (available?.reason === 'memory' || available?.reason === 'disk') return { kind: available.reason }
  return (
    unlearnable(draft.training, verdicts?.training) ?? unlearnable(draft.validation, verdicts?.validation)
  )
}

/** The provider validates these rows itself: the user may send them anyway to see its answer. */
export const canBeSentAnyway = (blocker: Blocker): boolean =>
  blocker.kind === 'problems' || blocker.kind === 'validation' || blocker.kind === 'few'
