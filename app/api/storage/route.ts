import { route } from '#lib/http/route.ts'
import { Space } from '#lib/storage/schema.ts'
import { getSpace } from '#lib/storage/space.ts'

export const GET = route({ answer: Space }, getSpace)
