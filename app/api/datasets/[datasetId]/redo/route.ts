import { Undone } from '#lib/datasets/schema.ts'
import { redoStep } from '#lib/datasets/undo.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ answer: Undone }, ({ params }) => redoStep(params.datasetId ?? ''))
