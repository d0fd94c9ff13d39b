import { route } from '#lib/http/route.ts'
import { forgetComparison, getComparison } from '#lib/playground/history.ts'

export const GET = route({}, ({ params }) => getComparison(params.comparisonId ?? ''))

export const DELETE = route({}, ({ params }) => forgetComparison(params.comparisonId ?? ''))
