import { EvalDataset } from '#lib/evals/schema.ts'
import { gradersFor } from '#lib/evals/sweep.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalDataset }, ({ query }) => gradersFor(query.dataset))
