import { route } from '#lib/http/route.ts'
import { exportAll } from '#lib/storage/export.ts'

export const GET = route({}, ({ locale }) => exportAll(locale))
