import { fixesOf } from '#lib/evals/fix.ts'
import { EvalDataset } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalDataset }, ({ query }) => fixesOf(query.dataset))
