import { route } from '#lib/http/route.ts'
import { listModels } from '#lib/models/list.ts'

export const GET = route({}, listModels)
