import { z } from 'zod'
import { DatasetVersion, VersionDraft } from '#lib/datasets/schema.ts'
import { listVersions, makeVersion } from '#lib/datasets/versions.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ answer: z.array(DatasetVersion) }, ({ params }) =>
  listVersions(params.datasetId ?? ''),
)
export const POST = route(
  { body: VersionDraft, answer: DatasetVersion },
  ({ params, body }) => makeVersion(params.datasetId ?? '', body),
  { status: 201 },
)
