import { download, exportDataset } from '#lib/datasets/export.ts'
import { ExportQuery } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: ExportQuery }, async ({ params, query }) =>
  download(await exportDataset(params.datasetId ?? '', query)),
)
