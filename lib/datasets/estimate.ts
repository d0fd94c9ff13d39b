import { failure, logInternal } from '#lib/http/failure.ts'
import { catalogSoon, modelIn } from '#lib/providers/catalog.ts'
import { costOf, trainingPrice } from '#lib/providers/prices.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, Price, Provider } from '#lib/providers/schema.ts'
import { trainingBy } from '#lib/providers/trainers.ts'
import { listPrices } from '#lib/providers/training-price-list.ts'
import { alternatives, billedTokens, epochRuleOf, resolve } from '#lib/training-data/plan.ts'
import type { Resolved } from '#lib/training-data/plan-schema.ts'
import { availability, type Place } from './availability.ts'
import type { Destination, Estimate, EstimateQuery, JobCost, TradeOff } from './estimate-schema.ts'
import { longestRow } from './estimate-store.ts'
import { needsOf } from './needs.ts'
import type { DatasetSummary } from './schema.ts'
import { tokenScale } from './token-ratio.ts'
import { verdictAt } from './verdict.ts'
import { getVersionSummary } from './view.ts'

/** Most models shown per provider: some servers list hundreds. */
const MOST = 24

/** Inputs of an estimate. */
interface EstimateInput {
  dataset: DatasetSummary
  prices: readonly Price[]
  query: EstimateQuery
  /** Length of the longest training row, in tokens of OpenAI's encoding. */
  longest: number
}

const isRequested = ({ providerId, id }: CatalogModel, query: EstimateQuery): boolean =>
  id === query.model && providerId === (query.providerId ?? providerId)

/** Base models, and the requested model. */
function placesAt(provider: Provider, models: CatalogModel[] | null, { query }: EstimateInput): Place[] {
  if (models === null) return [{ provider, model: null }]
  const asked = provider.id === (query.providerId ?? provider.id) && query.model
  const unlisted = asked ? modelIn(models, provider.id, asked) : null
  const all = unlisted && !models.some(({ id }) => id === unlisted.id) ? [...models, unlisted] : models
  const able = all.filter((model) => model.trainable && (model.kind === 'base' || isRequested(model, query)))
  return able
    .toSorted((a, b) => Number(isRequested(b, query)) - Number(isRequested(a, query)))
    .slice(0, MOST)
    .map((model) => ({ provider, model }))
}

/** The requested model as the chosen trainer trains it; where the engine cannot say, its own figures stay. */
async function tuned(place: Place, { query }: EstimateInput): Promise<Place> {
  const { provider, model } = place
  if (!model || provider.id !== 'embedded' || !isRequested(model, query)) return place
  const context = Math.min(model.context ?? Infinity, query.maxLength ?? Infinity)
  const cut = { ...model, context: Number.isFinite(context) ? context : null }
  // What a cluster takes is told by the job's own first step.
  if (query.launcher === 'ray') return { provider, model: { ...cut, training: null } }
  if (!query.trainer) return { provider, model: cut }
  const training = await trainingBy(query.trainer, model.id, query.method ?? null).catch((thrown) => {
    logInternal(failure(thrown))
    return null
  })
  return { provider, model: { ...cut, training } }
}

const places = async (input: EstimateInput): Promise<Place[]> =>
  (
    await Promise.all(
      listProviders()
        .filter(({ capabilities }) => capabilities.train)
        .map(async (provider) => placesAt(provider, await catalogSoon(provider.id), input)),
    )
  ).flat()

const tunedPlaces = async (input: EstimateInput): Promise<Place[]> =>
  Promise.all((await places(input)).map((place) => tuned(place, input)))

/** Time of reading tokens against training on them: 0.37 in full, 0.43 by adapter, on the shipped model. */
const READING = 0.4

/**
 * Time of training on pairs against training on answers with as many tokens: each step reads its pairs first, for their
 * margins, and the model that training starts from reads all of them once.
 */
const passesOf = ({ method }: DatasetSummary, epochs: number): number =>
  method === 'preference' ? 1 + READING * (1 + 1 / epochs) : 1

/**
 * Most tokens that the built-in engine validates on in an epoch, as a share of those trained on: on a few rows every
 * quarter of it, and, of a model that answers with 8 bits, on all rows at its end (lib/engine/worker/trainer.ts).
 */
const FEW_ROWS_SHARE = 0.075
const ALL_ROWS_SHARE = 0.25

/** A training: tokens of an epoch, of OpenAI's encoding, and how many epochs. */
interface Training {
  tokens: number
  epochs: number
}

/** Time of an epoch's validations, as so many tokens that are trained on. */
function validationOf(
  { model }: Place,
  { tokens, epochs }: Training,
  { dataset, query }: EstimateInput,
): number {
  const validation = query.validation ?? dataset.heldout.tokens
  const all = model?.bits === 8 ? Math.min(validation, ALL_ROWS_SHARE * tokens) : validation
  const few = Math.min(validation, FEW_ROWS_SHARE * tokens)
  // The model that training on pairs starts from reads them once, too.
  const before = dataset.method === 'preference' ? validation / epochs : 0
  return READING * (all + few + before)
}

const scaleAt = async ({ provider, model }: Place, dataset: DatasetSummary) =>
  provider.id === 'embedded' && model ? tokenScale(dataset, model.id) : null

/** Time of a training with its validations, as so many tokens of the model that are trained on. */
async function workOf(place: Place, training: Training, input: EstimateInput): Promise<number> {
  const scale = await scaleAt(place, input.dataset)
  const trained = training.tokens * passesOf(input.dataset, training.epochs)
  return (scale?.read ?? 1) * training.epochs * (trained + validationOf(place, training, input))
}

function costAt({ provider, model }: Place, tokens: number, work: number, prices: readonly Price[]): JobCost {
  const price = model && trainingPrice(prices, provider.id, model.id)
  const speed = model?.training?.tokensPerSecond
  return {
    billedTokens: tokens,
    price: price && {
      perMillion: price.perMillion,
      asOf: price.asOf,
      source: price.source,
      own: price.own,
      microDollars: costOf(price, tokens),
    },
    seconds: speed ? work / speed : null,
  }
}

const AUTO = { batchSize: 'auto', learningRateMultiplier: 'auto' } as const

function epochsAt(place: Place | undefined, { dataset, query }: EstimateInput): Resolved {
  const wanted = { ...AUTO, nEpochs: query.epochs ?? ('auto' as const) }
  const rule = epochRuleOf(place?.provider.id ?? 'embedded')
  return resolve(wanted, dataset.train.examples, rule).nEpochs
}

async function destination(place: Place, input: EstimateInput): Promise<Destination> {
  const { provider, model } = place
  const { dataset, prices } = input
  const epochs = epochsAt(place, input).value
  const scale = await scaleAt(place, dataset)
  const tokens = billedTokens({ tokens: dataset.train.tokens, nEpochs: epochs })
  const longest = Math.ceil(input.longest * (scale?.sequence ?? 1))
  const needs = model && needsOf(model.training, model.context, dataset.method, longest)
  return {
    providerId: provider.id,
    providerName: provider.name,
    model: model?.id ?? null,
    epochs,
    ...costAt(place, tokens, await workOf(place, { tokens: dataset.train.tokens, epochs }, input), prices),
    measured: Boolean(model?.training?.measuredAt),
    verdict: model && (await verdictAt(dataset, 'train', provider, model)),
    needs,
    shutdownDate: model?.shutdownDate ?? null,
    available: availability(place, dataset.method, new Date(), needs),
  }
}

async function tradeOffAt(place: Place, input: EstimateInput): Promise<TradeOff[]> {
  const { dataset, prices } = input
  const { examples, tokens } = dataset.train
  const tradeOff = alternatives(examples, epochRuleOf(place.provider.id)).map(async ({ rows, epochs }) => {
    const perEpoch = Math.round((tokens / examples) * rows)
    const work = await workOf(place, { tokens: perEpoch, epochs }, input)
    return { rows, epochs, ...costAt(place, perEpoch * epochs, work, prices) }
  })
  return Promise.all(tradeOff)
}

/**
 * Estimates training on the train split: tokens, price and time at every provider. A provider that does not answer soon is
 * listed without models.
 * @throws AppError not_found
 */
export async function estimate(datasetId: string, query: EstimateQuery = {}): Promise<Estimate> {
  const summary = getVersionSummary(datasetId, query.version ?? null)
  const [dataset, prices] = await Promise.all([summary, listPrices()])
  const { examples, tokens, trainedTokens } = dataset.train
  const input = { dataset, prices, query, longest: await longestRow(dataset) }
  const found = await tunedPlaces(input)
  const chosen = found.find(({ model }) => model && isRequested(model, query)) ?? found[0]
  return {
    revision: dataset.revision,
    examples,
    tokensPerEpoch: tokens,
    trainedTokens,
    epochs: epochsAt(chosen, input),
    destinations: await Promise.all(found.map((place) => destination(place, input))),
    tradeOff: chosen ? await tradeOffAt(chosen, input) : [],
  }
}
