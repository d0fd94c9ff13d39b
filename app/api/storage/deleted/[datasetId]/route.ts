import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { DeletedDataset } from '#lib/storage/schema.ts'
import { deleteForGood } from '#lib/storage/trash.ts'

export const DELETE = route({ answer: z.array(DeletedDataset) }, ({ params }) =>
  deleteForGood(params.datasetId ?? ''),
)
