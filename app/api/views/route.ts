import { route } from '#lib/http/route.ts'
import { SavedViews, ViewDraft } from '#lib/views/schema.ts'
import { listViews, saveView } from '#lib/views/views.ts'

export const GET = route({ answer: SavedViews }, listViews)

export const POST = route({ body: ViewDraft, answer: SavedViews }, ({ body }) => saveView(body), {
  status: 201,
})
