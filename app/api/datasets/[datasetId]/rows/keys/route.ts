import { KeysQuery, RowKeys } from '#lib/datasets/schema.ts'
import { getRowKeys } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: KeysQuery, answer: RowKeys }, ({ params, query }) =>
  getRowKeys(params.datasetId ?? '', query),
)
