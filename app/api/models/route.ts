import { route } from '#lib/http/route.ts'
import { listModels } from '#lib/models/list.ts'
import { ModelList } from '#lib/models/schema.ts'

export const GET = route({ answer: ModelList }, listModels)
