import { route } from '#lib/http/route.ts'
import { getStepRows } from '#lib/jobs/batch-rows.ts'

export const GET = route({}, ({ params }) => getStepRows(params.jobId ?? '', Number(params.step)))
