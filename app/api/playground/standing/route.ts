import { route } from '#lib/http/route.ts'
import { StandingQuery } from '#lib/playground/schema.ts'
import { standingOf } from '#lib/playground/vote.ts'

export const GET = route({ query: StandingQuery }, ({ query }) => standingOf(query))
