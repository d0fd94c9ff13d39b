import { route } from '#lib/http/route.ts'
import { deleteModel } from '#lib/models/delete-model.ts'
import { listModels } from '#lib/models/list.ts'
import { ModelList, ModelRef, StudioModels } from '#lib/models/schema.ts'

export const GET = route({ answer: ModelList }, listModels)

export const DELETE = route({ query: ModelRef, answer: StudioModels }, ({ query }) => deleteModel(query))
