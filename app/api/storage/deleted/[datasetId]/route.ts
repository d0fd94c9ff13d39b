import { route } from '#lib/http/route.ts'
import { deleteForGood } from '#lib/storage/trash.ts'

export const DELETE = route({}, ({ params }) => deleteForGood(params.datasetId ?? ''))
