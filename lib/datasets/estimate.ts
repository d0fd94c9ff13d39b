import { catalogSoon } from '#lib/providers/catalog.ts'
import { costOf, trainingPrice } from '#lib/providers/prices.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, Price, Provider } from '#lib/providers/schema.ts'
import { listPrices } from '#lib/providers/training-prices.ts'
import { alternatives, billedTokens, epochRuleOf, type Resolved, resolve } from '#lib/training-data/plan.ts'
import { availability, type Place } from './availability.ts'
import type { Destination, Estimate, EstimateQuery, RunCost, TradeOff } from './estimate-schema.ts'
import type { DatasetSummary } from './schema.ts'
import { tokenScale } from './token-ratio.ts'
import { verdictAt } from './verdict.ts'
import { getDataset } from './view.ts'

/** Models of one provider that are shown at most: some servers list hundreds. */
const MOST = 24

/** What a dataset is to an estimate. */
interface Asked {
  dataset: DatasetSummary
  prices: readonly Price[]
  wish: EstimateQuery
}

const isWanted = ({ providerId, id }: CatalogModel, wish: EstimateQuery): boolean =>
  id === wish.model && providerId === (wish.providerId ?? providerId)

/** Base models, and the one that was asked for. */
function placesAt(provider: Provider, models: CatalogModel[] | null, { wish }: Asked): Place[] {
  if (models === null) return [{ provider, model: null }]
  const able = models.filter((model) => model.trainable && (model.kind === 'base' || isWanted(model, wish)))
  return able
    .toSorted((a, b) => Number(isWanted(b, wish)) - Number(isWanted(a, wish)))
    .slice(0, MOST)
    .map((model) => ({ provider, model }))
}

const places = async (asked: Asked): Promise<Place[]> =>
  (
    await Promise.all(
      listProviders()
        .filter(({ capabilities }) => capabilities.train)
        .map(async (provider) => placesAt(provider, await catalogSoon(provider.id), asked)),
    )
  ).flat()

/** @param scale tokens of the model's own for each one of OpenAI's */
function costAt(
  { provider, model }: Place,
  tokens: number,
  scale: number | null,
  prices: readonly Price[],
): RunCost {
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
    seconds: speed ? (tokens * (scale ?? 1)) / speed : null,
  }
}

const scaleAt = async ({ provider, model }: Place, dataset: DatasetSummary) =>
  provider.id === 'embedded' && model ? tokenScale(dataset, model.id) : null

const AUTO = { batchSize: 'auto', learningRateMultiplier: 'auto' } as const

function epochsAt(place: Place | undefined, { dataset, wish }: Asked): Resolved {
  const wanted = { ...AUTO, nEpochs: wish.epochs ?? ('auto' as const) }
  const rule = epochRuleOf(place?.provider.id ?? 'embedded')
  return resolve(wanted, dataset.train.examples, rule).nEpochs
}

async function destination(place: Place, asked: Asked): Promise<Destination> {
  const { provider, model } = place
  const { dataset, prices } = asked
  const epochs = epochsAt(place, asked).value
  const scale = await scaleAt(place, dataset)
  const tokens = billedTokens({ tokens: dataset.train.tokens, nEpochs: epochs })
  return {
    providerId: provider.id,
    providerName: provider.name,
    model: model?.id ?? null,
    epochs,
    ...costAt(place, tokens, scale, prices),
    measured: Boolean(model?.training?.measuredAt),
    verdict: model && (await verdictAt(dataset, 'train', provider, model)),
    shutdownDate: model?.shutdownDate ?? null,
    available: availability(place, dataset.method, new Date()),
  }
}

async function tradeOffAt(place: Place, { dataset, prices }: Asked): Promise<TradeOff[]> {
  const { examples, tokens } = dataset.train
  const scale = await scaleAt(place, dataset)
  return alternatives(examples, epochRuleOf(place.provider.id)).map(({ rows, epochs }) => {
    const billed = Math.round((tokens / examples) * rows) * epochs
    return { rows, epochs, ...costAt(place, billed, scale, prices) }
  })
}

/**
 * What training on the train split comes to: tokens, price and time, wherever it can be done. A provider that does not
 * answer soon is named and waited for no longer.
 * @throws AppError not_found
 */
export async function estimate(datasetId: string, wish: EstimateQuery = {}): Promise<Estimate> {
  const [{ dataset }, prices] = await Promise.all([getDataset(datasetId), listPrices()])
  const { examples, tokens, trainedTokens } = dataset.train
  const asked = { dataset, prices, wish }
  const found = await places(asked)
  const chosen = found.find(({ model }) => model && isWanted(model, wish)) ?? found[0]
  return {
    revision: dataset.revision,
    examples,
    tokensPerEpoch: tokens,
    trainedTokens,
    epochs: epochsAt(chosen, asked),
    destinations: await Promise.all(found.map((place) => destination(place, asked))),
    tradeOff: chosen ? await tradeOffAt(chosen, asked) : [],
  }
}
