/** Servers that only answer, each with its own list of models and its own refusals. */

import { Hono } from 'hono'
import type { SERVING_KINDS } from '#lib/providers/kinds.ts'
import { chatStream, type ProviderServer, serveProvider } from './provider-server.ts'

export type ServingKind = (typeof SERVING_KINDS)[number]

interface Quirks {
  model: string
  /** `GET /v1/models`. */
  models: object
  /** The answer to a path that the server does not know. */
  unknown: () => Response
}

const entry = (id: string, more: object = {}) => ({ id, object: 'model', created: 1_763_000_000, ...more })

const QUIRKS: Record<ServingKind, Quirks> = {
  vllm: {
    model: 'Qwen/Qwen3-8B',
    models: {
      object: 'list',
      data: [entry('Qwen/Qwen3-8B', { owned_by: 'vllm', max_model_len: 40_960, permission: [] })],
    },
    unknown: () => Response.json({ detail: 'Not Found' }, { status: 404 }),
  },
  llamacpp: {
    model: 'qwen3-8b.gguf',
    // The same list twice, under the names of two APIs.
    models: {
      ...{ models: [{ name: 'qwen3-8b.gguf', model: 'qwen3-8b.gguf' }], object: 'list' },
      data: [entry('qwen3-8b.gguf', { owned_by: 'llamacpp', meta: { n_ctx_train: 40_960 } })],
    },
    unknown: () =>
      Response.json(
        { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } },
        { status: 404 },
      ),
  },
  ollama: {
    model: 'qwen3:8b',
    models: { object: 'list', data: [entry('qwen3:8b', { owned_by: 'library' })] },
    unknown: () =>
      new Response('404 page not found', { status: 404, headers: { 'content-type': 'text/plain' } }),
  },
  lmstudio: {
    model: 'qwen3-8b',
    models: { data: [{ id: 'qwen3-8b', object: 'model' }], object: 'list' },
    // It answers what it does not know, and says so in the body.
    unknown: () => Response.json({ error: 'Unexpected endpoint or method. Returning 200 anyway' }),
  },
}

export interface ServingServer extends ProviderServer {
  baseURL: string
  model: string
  /** Bodies of questions. */
  asked: Record<string, unknown>[]
}

export async function startServing(kind: ServingKind): Promise<ServingServer> {
  const { model, models, unknown } = QUIRKS[kind]
  const asked: Record<string, unknown>[] = []
  const app = new Hono()
  app.get('/v1/models', (c) => c.json(models))
  app.post('/v1/chat/completions', async (c) => {
    asked.push(await c.req.json<Record<string, unknown>>())
    return chatStream(model, ['Neon ', 'glows.'])
  })
  app.notFound(unknown)
  const served = await serveProvider(app)
  return { ...served, baseURL: `${served.origin}/v1`, model, asked }
}
