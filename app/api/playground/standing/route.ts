import { route } from '#lib/http/route.ts'
import { WinRate, WinRateQuery } from '#lib/playground/schema.ts'
import { winRateOf } from '#lib/playground/vote.ts'

export const GET = route({ query: WinRateQuery, answer: WinRate }, ({ query }) => winRateOf(query))
