import { route } from '#lib/http/route.ts'
import { Usage } from '#lib/storage/schema.ts'
import { getUsage } from '#lib/storage/usage.ts'

export const GET = route({ answer: Usage }, () => getUsage())
