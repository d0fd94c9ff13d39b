import { route } from '#lib/http/route.ts'
import { measureModel } from '#lib/models/measure-model.ts'
import { Measurement, ModelRef } from '#lib/models/schema.ts'

export const POST = route({ body: ModelRef, answer: Measurement }, ({ body }) => measureModel(body))
