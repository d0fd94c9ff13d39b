import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { importArchive } from '#lib/rescue/import.ts'
import { Rescue } from '#lib/rescue/schema.ts'

export const POST = route({ answer: z.array(Rescue) }, ({ request }) =>
  importArchive(request.body ?? new Blob([]).stream()),
)
