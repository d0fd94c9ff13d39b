import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listRescues } from '#lib/rescue/rescue.ts'
import { Rescue } from '#lib/rescue/schema.ts'

export const GET = route({ answer: z.array(Rescue) }, () => listRescues())
