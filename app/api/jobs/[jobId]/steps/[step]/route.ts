import { route } from '#lib/http/route.ts'
import { getBatchRows } from '#lib/jobs/batch-rows.ts'

export const GET = route({}, ({ params }) => getBatchRows(params.jobId ?? '', Number(params.step)))
