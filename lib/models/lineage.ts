import { SHIPPED } from '#lib/providers/model-kind.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { aliasRecords } from './alias-store.ts'
import { canDelete } from './deletable.ts'
import { readLineages } from './lineages.ts'
import { listModels } from './list.ts'
import { refKey } from './ref.ts'
import type { Lineage, ListedModel, StudioModel, StudioModels } from './schema.ts'
import { modelSizes } from './sizes.ts'

const keyOf = (providerId: string, model: string): string => `${providerId} ${model}`

/** `ft:gpt-4o-mini-2024-07-18:org:poems:AbCd1234` is based on the name after its first colon. */
const rootOf = (id: string): string => (id.startsWith('ft:') ? (id.split(':')[1] ?? id) : id)

/** End dates by base model; a fine-tune of a fine-tune ends with the first one's base model. */
function endings(models: readonly CatalogModel[]) {
  const dates = new Map(models.map((model) => [keyOf(model.providerId, model.id), model.shutdownDate]))
  return (providerId: ProviderId, id: string, lineage: Lineage | null): string | null =>
    dates.get(keyOf(providerId, id)) ??
    dates.get(keyOf(providerId, rootOf(id))) ??
    (lineage && (dates.get(keyOf(providerId, rootOf(lineage.base))) ?? null))
}

/** Every model with its lineage, its aliases and its end date. */
export async function listStudioModels(): Promise<StudioModels> {
  const [{ models, ...rest }, known, aliases, sizes] = await Promise.all([
    listModels(),
    readLineages(),
    aliasRecords(),
    modelSizes(),
  ])
  const endOf = endings(models)
  const able = (what: 'deleteModels' | 'exportModels') =>
    new Set(listProviders().flatMap(({ id, capabilities }) => (capabilities[what] ? [id] : [])))
  const [deleting, exporting] = [able('deleteModels'), able('exportModels')]
  const asRow = (model: ListedModel): StudioModel => {
    const { providerId, id } = model
    const lineage = known.get(refKey({ providerId, model: id })) ?? null
    return {
      ...model,
      // The date of its file tells only when Limerick was installed.
      createdAt: id === SHIPPED && providerId === 'embedded' ? null : model.createdAt,
      lineage,
      aliases: aliases.flatMap((alias) =>
        alias.provider_id === providerId && alias.model === id ? [alias.name] : [],
      ),
      endsOn: endOf(providerId, id, lineage),
      exportable: exporting.has(providerId),
      bytes: providerId === 'embedded' ? (sizes.get(id) ?? null) : null,
      deletable: deleting.has(providerId) && canDelete({ providerId, model: id }),
    }
  }
  return { ...rest, models: models.map(asRow) }
}
