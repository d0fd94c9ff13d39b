import type { ModelStore } from '../models.ts'
import type { Route } from '../router.ts'
import { tokenize } from '../tokenize.ts'
import { jsonOf } from './body.ts'

/** Where vLLM serves it, and below the address that clients are given. */
const paths = ['/tokenize', '/v1/tokenize']

export const tokenizeRoutes = (models: ModelStore): Route[] =>
  paths.map((path) => ({
    method: 'POST',
    path,
    answer: async ({ request }) => Response.json(await tokenize(models, await jsonOf(request))),
  }))
