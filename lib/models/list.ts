import { failure, logInternal } from '#lib/http/failure.ts'
import { catalogOf, modelIn } from '#lib/providers/catalog.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, Provider } from '#lib/providers/schema.ts'
import type { ModelList } from './schema.ts'
import { listCheckpoints } from './store.ts'

async function ask(provider: Provider): Promise<ModelList> {
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

const nameOf = ({ providerId, id }: CatalogModel) => `${providerId} ${id}`

/** A checkpoint is added when its provider answers and has not listed it itself. */
function unlisted(checkpoints: CatalogModel[], { models, failures }: ModelList): CatalogModel[] {
  const listed = new Set(models.map(nameOf))
  const answering = new Set(listProviders().map(({ id }) => id))
  for (const { providerId } of failures) answering.delete(providerId)
  return checkpoints.filter((model) => answering.has(model.providerId) && !listed.has(nameOf(model)))
}

/**
 * Every model that can be asked, of every provider; a provider that fails is listed under `failures` and hides no
 * others.
 */
export async function listModels(): Promise<ModelList> {
  const [checkpoints, ...answers] = await Promise.all([listCheckpoints(), ...listProviders().map(ask)])
  const all: ModelList = {
    models: answers.flatMap(({ models }) => models),
    failures: answers.flatMap(({ failures }) => failures),
    unusable: answers.flatMap(({ unusable }) => unusable),
  }
  const others = unlisted(checkpoints, all).map(({ createdAt, ...model }) => ({
    ...(modelIn(all.models, model.providerId, model.id) ?? model),
    ...{ createdAt, trainable: model.trainable },
  }))
  return { ...all, models: [...all.models, ...others] }
}
