import { route } from '#lib/http/route.ts'
import { exportArchive } from '#lib/rescue/export.ts'

export const GET = route({}, ({ params, locale }) => exportArchive(params.providerId ?? '', locale))
