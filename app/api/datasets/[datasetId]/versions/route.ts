import { VersionDraft } from '#lib/datasets/schema.ts'
import { listVersions, makeVersion } from '#lib/datasets/versions.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({}, ({ params }) => listVersions(params.datasetId ?? ''))
export const POST = route(
  { body: VersionDraft },
  ({ params, body }) => makeVersion(params.datasetId ?? '', body),
  { status: 201 },
)
