import { route } from '#lib/http/route.ts'
import { listDeleted } from '#lib/storage/trash.ts'

export const GET = route({}, listDeleted)
