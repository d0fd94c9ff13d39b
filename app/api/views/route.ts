import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { SavedView, ViewDraft } from '#lib/views/schema.ts'
import { listViews, saveView } from '#lib/views/views.ts'

const answer = z.array(SavedView)

export const GET = route({ answer }, listViews)

export const POST = route({ body: ViewDraft, answer }, ({ body }) => saveView(body), { status: 201 })
