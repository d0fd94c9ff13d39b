import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { stopRescue } from '#lib/rescue/rescue.ts'
import { Rescue } from '#lib/rescue/schema.ts'

export const POST = route({ answer: z.array(Rescue) }, ({ params }) => stopRescue(params.providerId ?? ''))
