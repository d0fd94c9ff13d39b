import { loadElle } from '#lib/datasets/samples.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({}, () => loadElle())
