import { answer } from '../chat.ts'
import type { Generator } from '../generator.ts'
import type { ModelStore } from '../models.ts'
import type { Route } from '../router.ts'
import { jsonOf } from './body.ts'

export const chatRoutes = (models: ModelStore, generator: Generator): Route[] => [
  {
    method: 'POST',
    path: '/v1/chat/completions',
    answer: async ({ request }) => answer(models, generator, await jsonOf(request), request.signal),
  },
]
