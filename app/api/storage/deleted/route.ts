import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { DeletedDataset } from '#lib/storage/schema.ts'
import { listDeleted } from '#lib/storage/trash.ts'

export const GET = route({ answer: z.array(DeletedDataset) }, listDeleted)
