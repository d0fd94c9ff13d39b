import { diffVersions } from '#lib/datasets/diff.ts'
import { DiffQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: DiffQuery }, ({ params, query }) =>
  diffVersions(params.datasetId ?? '', query),
)
