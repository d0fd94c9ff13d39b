import { exportLosses } from '#lib/datasets/export.ts'
import { ExportQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: ExportQuery }, ({ params, query }) =>
  exportLosses(params.datasetId ?? '', query),
)
