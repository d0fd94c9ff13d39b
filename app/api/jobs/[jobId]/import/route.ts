import { route } from '#lib/http/route.ts'
import { importFilesOf } from '#lib/jobs/import-files.ts'

export const POST = route({}, ({ params }) => importFilesOf(params.jobId ?? ''), { status: 201 })
