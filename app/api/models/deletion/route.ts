import { route } from '#lib/http/route.ts'
import { deleteModels } from '#lib/models/delete-model.ts'
import { ModelsDeleted, ModelsDeletion } from '#lib/models/schema.ts'

export const POST = route({ body: ModelsDeletion, answer: ModelsDeleted }, ({ body }) =>
  deleteModels(body.models),
)
