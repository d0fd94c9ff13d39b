import type { StudioModel } from '#lib/models/schema.ts'

export type ModelSort = 'model' | 'created' | 'daysLeft'

export interface ModelOrder {
  sort: ModelSort
  order: 'ascending' | 'descending'
}

/** Default direction: newest first; earliest shutdown first. */
const firstOrder = (sort: ModelSort): ModelOrder['order'] => (sort === 'created' ? 'descending' : 'ascending')

export const turned = (now: ModelOrder, sort: ModelSort): ModelOrder => ({
  sort,
  order: now.sort !== sort ? firstOrder(sort) : now.order === 'ascending' ? 'descending' : 'ascending',
})

const keys: Record<ModelSort, (model: StudioModel) => string | number | null> = {
  model: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  daysLeft: ({ endsOn }) => endsOn,
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

/** Filters and sorts models; unknown values come last in both directions. */
export function found(
  models: readonly StudioModel[],
  wanted: string,
  { sort, order }: ModelOrder,
): StudioModel[] {
  const words = wanted.trim().toLowerCase()
  const fits = ({ id, providerId, aliases, lineage }: StudioModel) =>
    [id, providerId, lineage?.name, lineage?.suffix, lineage?.datasetName, ...aliases].some((text) =>
      text?.toLowerCase().includes(words),
    )
  const way = order === 'ascending' ? 1 : -1
  return models.filter(fits).toSorted((a, b) => {
    const [left, right] = [keys[sort](a), keys[sort](b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return way * compare(left, right)
  })
}
