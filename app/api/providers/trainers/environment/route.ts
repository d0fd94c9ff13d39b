import { route } from '#lib/http/route.ts'
import { changeEnvironment } from '#lib/providers/trainers.ts'
import { EngineTrainers } from '#lib/providers/trainers-schema.ts'

export const POST = route({ answer: EngineTrainers }, () => changeEnvironment('post'))

export const DELETE = route({ answer: EngineTrainers }, () => changeEnvironment('delete'))
