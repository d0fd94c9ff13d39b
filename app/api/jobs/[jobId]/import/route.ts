import { DatasetSummary } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'
import { importFilesOf } from '#lib/jobs/import-files.ts'

export const POST = route({ answer: DatasetSummary }, ({ params }) => importFilesOf(params.jobId ?? ''), {
  status: 201,
})
