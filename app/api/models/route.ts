import { route } from '#lib/http/route.ts'
import { listModels } from '#lib/models/list.ts'
import { deleteModel } from '#lib/models/remove.ts'
import { ModelRef } from '#lib/models/schema.ts'

export const GET = route({}, listModels)

export const DELETE = route({ query: ModelRef }, ({ query }) => deleteModel(query))
