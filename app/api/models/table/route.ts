import { route } from '#lib/http/route.ts'
import { listStudioModels } from '#lib/models/lineage.ts'
import { StudioModels } from '#lib/models/schema.ts'

export const GET = route({ answer: StudioModels }, listStudioModels)
