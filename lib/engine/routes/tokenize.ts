import { Hono } from 'hono'
import type { ModelStore } from '../models.ts'
import { tokenize } from '../tokenize.ts'
import type { Tokenizers } from '../tokenizers.ts'
import { type EngineEnv, jsonOf } from './request.ts'

/** vLLM's path, and the same path below the base URL that clients use. */
const PATHS = ['/tokenize', '/v1/tokenize']

const JSON_TYPE = { 'content-type': 'application/json' }

export const tokenizeRoutes = (models: ModelStore, tokenizers: Tokenizers) =>
  new Hono<EngineEnv>().on('POST', PATHS, async (c) =>
    c.body(await tokenize(models, tokenizers, await jsonOf(c.env), c.req.raw.signal), 200, JSON_TYPE),
  )
