import { failure, logInternal } from '#lib/http/failure.ts'
import { catalogOf, modelIn } from '#lib/providers/catalog.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, Provider } from '#lib/providers/schema.ts'
import { readLineages } from './lineages.ts'
import { refKey } from './ref.ts'
import { type ListedModel, Maker, type ModelList } from './schema.ts'
import { listCheckpoints } from './store.ts'

/** The models of providers, before it is known who made them. */
interface Answers extends Omit<ModelList, 'models'> {
  models: CatalogModel[]
}

async function ask(provider: Provider): Promise<Answers> {
  try {
    return { ...(await catalogOf(provider.id)), failures: [] }
  } catch (thrown) {
    const error = failure(thrown)
    logInternal(error)
    return {
      models: [],
      failures: [{ providerId: provider.id, name: provider.name, ...error.words }],
      unusable: [],
    }
  }
}

const keyOf = ({ providerId, id }: CatalogModel): string => refKey({ providerId, model: id })

/** A checkpoint is added when its provider answers and has not listed it itself. */
function unlisted(checkpoints: CatalogModel[], { models, failures }: Answers): CatalogModel[] {
  const listed = new Set(models.map(keyOf))
  const answering = new Set(listProviders().map(({ id }) => id))
  for (const { providerId } of failures) answering.delete(providerId)
  return checkpoints.filter((model) => answering.has(model.providerId) && !listed.has(keyOf(model)))
}

/**
 * Every model that can be asked, of every provider; a provider that fails is listed under `failures` and hides no
 * others.
 */
export async function listModels(): Promise<ModelList> {
  const [checkpoints, known, ...answers] = await Promise.all([
    listCheckpoints(),
    readLineages(),
    ...listProviders().map(ask),
  ])
  const all: Answers = {
    models: answers.flatMap(({ models }) => models),
    failures: answers.flatMap(({ failures }) => failures),
    unusable: answers.flatMap(({ unusable }) => unusable),
  }
  const others = unlisted(checkpoints, all).map(({ createdAt, ...model }) => ({
    ...(modelIn(all.models, model.providerId, model.id) ?? model),
    ...{ createdAt, trainable: model.trainable },
  }))
  const listed = (model: CatalogModel): ListedModel => ({
    ...model,
    lineage: Maker.nullable().parse(known.get(keyOf(model)) ?? null),
  })
  return { ...all, models: [...all.models, ...others].map(listed) }
}
