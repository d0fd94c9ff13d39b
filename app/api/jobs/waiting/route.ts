import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { listWaiting, waitForSlot } from '#lib/jobs/waiting.ts'
import { WaitingDraft, WaitingLaunch } from '#lib/jobs/waiting-schema.ts'

export const GET = route({ answer: z.array(WaitingLaunch) }, () => listWaiting())

export const POST = route(
  { body: WaitingDraft, answer: z.array(WaitingLaunch) },
  ({ body: { draft, at } }) => waitForSlot(draft, at),
  { status: 201 },
)
