import { Undone } from '#lib/datasets/schema.ts'
import { undoStep } from '#lib/datasets/undo.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ answer: Undone }, ({ params }) => undoStep(params.datasetId ?? ''))
