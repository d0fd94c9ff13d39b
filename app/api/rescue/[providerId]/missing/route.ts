import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listMissing } from '#lib/rescue/rescue.ts'
import { MissingItem } from '#lib/rescue/schema.ts'

export const GET = route({ answer: z.array(MissingItem) }, ({ params }) =>
  listMissing(params.providerId ?? ''),
)
