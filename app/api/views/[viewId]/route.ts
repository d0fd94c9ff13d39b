import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { SavedView, ViewChange } from '#lib/views/schema.ts'
import { changeView, deleteView } from '#lib/views/views.ts'

const answer = z.array(SavedView)

export const PATCH = route({ body: ViewChange, answer }, ({ params, body }) =>
  changeView(params.viewId ?? '', body),
)

export const DELETE = route({ answer }, ({ params }) => deleteView(params.viewId ?? ''))
