import { route } from '#lib/http/route.ts'
import { exportsOf } from '#lib/models/exports.ts'
import { ExportOffers, ModelRef } from '#lib/models/schema.ts'

export const GET = route({ query: ModelRef, answer: ExportOffers }, ({ query }) => exportsOf(query))
