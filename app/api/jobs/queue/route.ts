import { route } from '#lib/http/route.ts'
import { engineQueue } from '#lib/jobs/engine-queue.ts'
import { EngineQueue } from '#lib/jobs/schema.ts'

export const GET = route({ answer: EngineQueue }, engineQueue)
