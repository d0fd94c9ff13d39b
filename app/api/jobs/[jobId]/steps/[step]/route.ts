import { route } from '#lib/http/route.ts'
import { getBatchRows } from '#lib/jobs/batch-rows.ts'
import { StepRows } from '#lib/jobs/series-schema.ts'

export const GET = route({ answer: StepRows }, ({ params }) =>
  getBatchRows(params.jobId ?? '', Number(params.step)),
)
