import { z } from 'zod'
import { listCallerKeys, makeCallerKey, revokeCallerKey } from '#lib/auth/api-keys.ts'
import { CallerKey, KeyDraft, NewCallerKey } from '#lib/auth/schema.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ answer: z.array(CallerKey) }, listCallerKeys)

export const POST = route({ body: KeyDraft, answer: NewCallerKey }, ({ body }) => makeCallerKey(body), {
  status: 201,
})

const Which = z.object({ id: z.string().min(1).max(64) })

export const DELETE = route({ query: Which, answer: z.array(CallerKey) }, ({ query }) =>
  revokeCallerKey(query.id),
)
