import { restoreVersion } from '#lib/datasets/restore.ts'
import { RestoreDraft } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: RestoreDraft }, ({ params, body }) =>
  restoreVersion(params.datasetId ?? '', body),
)
