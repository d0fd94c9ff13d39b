import type { ModelStore } from '../models.ts'
import type { Route } from '../router.ts'
import { tokenize } from '../tokenize.ts'
import type { Tokenizers } from '../tokenizers.ts'
import { jsonOf } from './body.ts'

/** Where vLLM serves it, and below the address that clients are given. */
const paths = ['/tokenize', '/v1/tokenize']

const JSON_TYPE = { headers: { 'content-type': 'application/json' } }

export const tokenizeRoutes = (models: ModelStore, tokenizers: Tokenizers): Route[] =>
  paths.map((path) => ({
    method: 'POST',
    path,
    answer: async ({ request }) =>
      new Response(await tokenize(models, tokenizers, await jsonOf(request), request.signal), JSON_TYPE),
  }))
