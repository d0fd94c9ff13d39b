import { route } from '#lib/http/route.ts'
import { Standing, StandingQuery } from '#lib/playground/schema.ts'
import { standingOf } from '#lib/playground/vote.ts'

export const GET = route({ query: StandingQuery, answer: Standing }, ({ query }) => standingOf(query))
