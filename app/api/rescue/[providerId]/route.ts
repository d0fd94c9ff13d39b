import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { startRescue } from '#lib/rescue/rescue.ts'
import { Rescue, RescueDraft } from '#lib/rescue/schema.ts'

export const POST = route({ body: RescueDraft, answer: z.array(Rescue) }, ({ params, body }) =>
  startRescue(params.providerId ?? '', body),
)
