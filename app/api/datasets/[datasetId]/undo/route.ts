import { undoStep } from '#lib/datasets/undo.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({}, ({ params }) => undoStep(params.datasetId ?? ''))
