import { gradersFor } from '#lib/evals/checkpoint-evals.ts'
import { EvalDataset } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalDataset }, ({ query }) => gradersFor(query.dataset))
