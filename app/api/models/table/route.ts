import { route } from '#lib/http/route.ts'
import { listStudioModels } from '#lib/models/lineage.ts'

export const GET = route({}, listStudioModels)
