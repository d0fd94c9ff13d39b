import { route } from '#lib/http/route.ts'
import { forgetComparison, getComparison } from '#lib/playground/history.ts'
import { Comparison } from '#lib/playground/schema.ts'

export const GET = route({ answer: Comparison }, ({ params }) => getComparison(params.comparisonId ?? ''))

export const DELETE = route({ answer: Comparison.pick({ id: true }) }, ({ params }) =>
  forgetComparison(params.comparisonId ?? ''),
)
