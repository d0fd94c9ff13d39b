import { jobName } from '#components/jobs/job-name.ts'
import { naturalKey } from '#lib/core/natural-key.ts'
import { byKey } from '#lib/core/order.ts'
import type { ListedModel, StudioModel } from '#lib/models/schema.ts'

export type ModelSort = 'model' | 'size' | 'created' | 'daysLeft'

export interface ModelOrder {
  sort: ModelSort
  order: 'asc' | 'desc'
}

/** Default direction: newest and largest first; earliest shutdown first. */
const firstOrder = (sort: ModelSort): ModelOrder['order'] =>
  sort === 'created' || sort === 'size' ? 'desc' : 'asc'

export const turned = (now: ModelOrder, sort: ModelSort): ModelOrder => ({
  sort,
  order: now.sort !== sort ? firstOrder(sort) : now.order === 'asc' ? 'desc' : 'asc',
})

const keys: Record<ModelSort, (model: StudioModel) => string | number | null> = {
  model: ({ id, lineage }) =>
    lineage ? naturalKey(`${jobName(lineage)} ${lineage.number}`) : naturalKey(id),
  size: ({ bytes }) => bytes,
  created: ({ createdAt }) => createdAt,
  daysLeft: ({ endsOn }) => endsOn,
}

/** Which models are sought: by words, and of one kind or of any. */
export interface ModelWish {
  words: string
  kind: StudioModel['kind'] | null
}

export const ANY_MODEL: ModelWish = { words: '', kind: null }

/** Filters and sorts models; unknown values come last in both directions. */
export function found(
  models: readonly StudioModel[],
  wish: ModelWish,
  { sort, order }: ModelOrder,
): StudioModel[] {
  const words = wish.words.trim().toLowerCase()
  const isOfKind = ({ kind }: StudioModel) => wish.kind === null || kind === wish.kind
  const fits = ({ id, providerId, aliases, lineage }: StudioModel) =>
    [id, providerId, lineage?.name, lineage?.suffix, lineage?.datasetName, ...aliases].some((text) =>
      text?.toLowerCase().includes(words),
    )
  return models
    .filter((model) => isOfKind(model) && fits(model))
    .toSorted(byKey(keys[sort], order === 'asc' ? 1 : -1))
}

/** A model with the other models of its job. */
export interface ModelGroup<Model extends ListedModel = StudioModel> {
  /** The job's result, else its last checkpoint; or a model that no job here has made. */
  lead: Model
  /** Checkpoints, the latest first. */
  others: Model[]
}

const stepOf = ({ lineage }: ListedModel): number => lineage?.step ?? Number.POSITIVE_INFINITY

/** Models of one job together, at the place of the first of them. */
export function groupsOf<Model extends ListedModel>(models: readonly Model[]): ModelGroup<Model>[] {
  const groups = Map.groupBy(models, ({ providerId, id, lineage }) => `${providerId} ${lineage?.jobId ?? id}`)
  return [...groups.values()].flatMap((group) => {
    const [lead, ...others] = group.toSorted((a, b) => (stepOf(a) < stepOf(b) ? 1 : -1))
    return lead ? [{ lead, others }] : []
  })
}
