import { fixesOf } from '#lib/evals/fix.ts'
import { EvalDataset, Fixes } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ query: EvalDataset, answer: Fixes }, ({ query }) => fixesOf(query.dataset))
