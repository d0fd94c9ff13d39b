import { route } from '#lib/http/route.ts'
import { getSpace } from '#lib/storage/space.ts'

export const GET = route({}, getSpace)
