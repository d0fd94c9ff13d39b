import { route } from '#lib/http/route.ts'
import { downloadExport } from '#lib/models/exports.ts'
import { ExportQuery } from '#lib/models/schema.ts'

export const GET = route({ query: ExportQuery }, ({ query, request }) =>
  downloadExport(query, request.signal),
)
