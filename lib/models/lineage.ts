import { type LineageRecord, lineageRecords } from '#lib/jobs/models-store.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { aliasRecords } from './alias-store.ts'
import { canDelete } from './deletable.ts'
import { listModels } from './list.ts'
import type { Lineage, StudioModel, StudioModels } from './schema.ts'

const keyOf = (providerId: string, model: string): string => `${providerId} ${model}`

const asLineage = (row: LineageRecord): Lineage => ({
  jobId: row.job_id,
  number: row.number,
  name: row.name,
  suffix: row.suffix,
  datasetId: row.dataset_id,
  datasetName: row.dataset_name,
  version: row.version,
  base: row.base,
  step: row.step,
  systemPrompt: row.system_prompt,
  question: row.question,
})

function lineages(rows: readonly LineageRecord[]): Map<string, Lineage> {
  const found = new Map<string, Lineage>()
  for (const row of rows) {
    const key = keyOf(row.provider_id, row.model)
    // A job's result is listed once more as its last checkpoint.
    if (!found.has(key) || row.step === null) found.set(key, asLineage(row))
  }
  return found
}

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
  const [{ models, ...rest }, rows, aliases] = await Promise.all([
    listModels(),
    lineageRecords(),
    aliasRecords(),
  ])
  const known = lineages(rows)
  const endOf = endings(models)
  const able = (what: 'deleteModels' | 'exportModels') =>
    new Set(listProviders().flatMap(({ id, capabilities }) => (capabilities[what] ? [id] : [])))
  const [deleting, exporting] = [able('deleteModels'), able('exportModels')]
  const asRow = (model: CatalogModel): StudioModel => {
    const { providerId, id } = model
    const lineage = known.get(keyOf(providerId, id)) ?? null
    return {
      ...model,
      lineage,
      aliases: aliases.flatMap((alias) =>
        alias.provider_id === providerId && alias.model === id ? [alias.name] : [],
      ),
      endsOn: endOf(providerId, id, lineage),
      exportable: exporting.has(providerId),
      deletable: deleting.has(providerId) && canDelete({ providerId, model: id }),
    }
  }
  return { ...rest, models: models.map(asRow) }
}
