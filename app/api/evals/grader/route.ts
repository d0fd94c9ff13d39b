import { EvalDataset } from '#lib/evals/schema.ts'
import { graderFor } from '#lib/evals/sweep.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalDataset }, ({ query }) => graderFor(query.dataset))
