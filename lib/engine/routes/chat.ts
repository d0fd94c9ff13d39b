import { chat } from '../chat.ts'
import { complete } from '../completions.ts'
import type { Generator } from '../generator.ts'
import type { ModelStore } from '../models.ts'
import { respond } from '../responses.ts'
import type { Route } from '../router.ts'
import { jsonOf } from './body.ts'

/** Each asks a model in the words of another API. */
const HANDLERS = {
  '/v1/chat/completions': chat,
  '/v1/completions': complete,
  '/v1/responses': respond,
}

export const chatRoutes = (models: ModelStore, generator: Generator): Route[] =>
  Object.entries(HANDLERS).map(([path, handler]) => ({
    method: 'POST',
    path,
    answer: async ({ request, requestId }) =>
      handler(models, generator, await jsonOf(request), { requestId, signal: request.signal }),
  }))
