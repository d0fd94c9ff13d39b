import { exportLosses } from '#lib/datasets/export.ts'
import { ExportLosses, ExportQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: ExportQuery, answer: ExportLosses }, ({ params, query }) =>
  exportLosses(params.datasetId ?? '', query),
)
