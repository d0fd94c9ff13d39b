import { z } from 'zod'
import { listClosings, setClosings } from '#lib/home/closings.ts'
import { Closing, ClosingDates } from '#lib/home/closings-schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ answer: z.array(Closing) }, () => listClosings())

export const PUT = route({ body: ClosingDates, answer: z.array(Closing) }, ({ body }) => setClosings(body))
