import { restoreVersion } from '#lib/datasets/restore.ts'
import { RestoreDraft, Step } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: RestoreDraft, answer: Step }, ({ params, body }) =>
  restoreVersion(params.datasetId ?? '', body),
)
