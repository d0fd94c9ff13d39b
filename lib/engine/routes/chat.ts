import { Hono } from 'hono'
import { chat } from '../chat.ts'
import { complete } from '../completions.ts'
import type { Answerers } from '../generation.ts'
import type { ModelStore } from '../models.ts'
import { respond } from '../responses.ts'
import { type EngineEnv, jsonOf } from './request.ts'

/** One handler per generation API. */
const HANDLERS = { '/chat/completions': chat, '/completions': complete, '/responses': respond }

export function chatRoutes(models: ModelStore, answerers: Answerers) {
  const app = new Hono<EngineEnv>()
  for (const [path, handler] of Object.entries(HANDLERS))
    app.post(path, async (c) =>
      handler(models, answerers, await jsonOf(c.env), {
        requestId: c.var.requestId,
        signal: c.req.raw.signal,
      }),
    )
  return app
}
