import { diffVersions } from '#lib/datasets/diff.ts'
import { DatasetDiff, DiffQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: DiffQuery, answer: DatasetDiff }, ({ params, query }) =>
  diffVersions(params.datasetId ?? '', query),
)
