import { route } from '#lib/http/route.ts'
import { SavedViews, ViewChange } from '#lib/views/schema.ts'
import { changeView, deleteView } from '#lib/views/views.ts'

export const PATCH = route({ body: ViewChange, answer: SavedViews }, ({ params, body }) =>
  changeView(params.viewId ?? '', body),
)

export const DELETE = route({ answer: SavedViews }, ({ params }) => deleteView(params.viewId ?? ''))
